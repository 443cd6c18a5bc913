import { expect, it } from 'vitest';
import { parseImage } from '../../../src/kubelet/image.ts';

const DIGEST = `sha256:${'0'.repeat(64)}`;

it.each([
  ['us.icr.io/ns/app', 'us.icr.io', 'ns/app', 'us.icr.io'],
  ['us.icr.io/ns/app:1.0', 'us.icr.io', 'ns/app', 'us.icr.io'],
  [`private.de.icr.io/ns/team/app@${DIGEST}`, 'private.de.icr.io', 'ns/team/app', 'private.de.icr.io'],
  [`icr.io/ns/app:1@${DIGEST}`, 'icr.io', 'ns/app', 'icr.io'],
  ['us.icr.io:443/ns/app', 'us.icr.io:443', 'ns/app', 'us.icr.io'],
  ['US.icr.io/ns/app', 'US.icr.io', 'ns/app', 'us.icr.io'],
  ['us.icr.io:5000/ns/app', 'us.icr.io:5000', 'ns/app', undefined],
  ['cp.icr.io/ns/app', 'cp.icr.io', 'ns/app', undefined],
  ['us.icr.io.example.com/ns/app', 'us.icr.io.example.com', 'ns/app', undefined],
  ['docker.io/us.icr.io/app', 'docker.io', 'us.icr.io/app', undefined],
  // Without a slash it is an image of Docker Hub.
  ['us.icr.io', '', '', undefined],
  ['https://us.icr.io/ns/app', '', '', undefined],
  ['us.icr.io/ns/app\nx', '', '', undefined],
  ['user@us.icr.io/ns/app', '', '', undefined],
  ['', '', '', undefined],
])('%j', (image, registry, repository, name) => {
  const parsed = parseImage(image);
  expect([parsed.registry, parsed.repository, parsed.host?.name]).toEqual([registry, repository, name]);
  if (name) expect(parsed.host?.path).toBe(repository);
});
