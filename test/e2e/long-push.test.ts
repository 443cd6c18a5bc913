import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type ClientHome, makeClientHome } from '../support/client-home.ts';
import { addManager, type Cloud, startCloud } from '../support/cloud.ts';
import { helperOf } from '../support/executable.ts';

/**
 * Clients ask the helper once and use the answer for a whole push. When the registry's own token
 * runs out meanwhile, they show the same answer again: an access token may have expired by then.
 */
let cloud: Cloud;
let apiKey: string;
const homes: ClientHome[] = [];

/** Containers' tools take every registry token for valid for a minute, whatever it says. */
const LIFETIME = 60;
const BYTES = 400_000;

beforeAll(async () => {
  cloud = await startCloud();
  ({ apiKey } = addManager(cloud));
  cloud.iam.tokenLifetime = LIFETIME;
  cloud.icr.tokenLifetime = LIFETIME;
  cloud.icr.uploadBytesPerSecond = BYTES / (LIFETIME + 8);
});
afterAll(() => cloud?.stop());
afterEach(() => {
  for (const home of homes) home.cleanUp();
});

async function push(kind: string) {
  const home = await makeClientHome({ caFile: cloud.caFile, env: { ICR_CREDENTIAL_KIND: kind } });
  homes.push(home);
  await helperOf(home.env).store('us.icr.io', 'iamapikey', apiKey);
  // Random bytes do not compress.
  writeFileSync(join(home.folder, 'data'), randomBytes(BYTES));
  const [, layout = ''] = home.image.split(':');
  await home.run('umoci', ['insert', '--image', `${layout}:v1`, join(home.folder, 'data'), '/data']);
  return home.attempt('skopeo', ['copy', home.image, `docker://us.icr.io/ns/${kind}:v1`]);
}

it('a push that outlives its token goes through with iamapikey and not with iambearer', async () => {
  const [withKey, withToken] = await Promise.all([push('iamapikey'), push('iambearer')]);
  expect(withKey).toMatchObject({ code: 0 });
  expect(withToken.code).not.toBe(0);
  expect(withToken.stderr).toMatch(/unauthorized|credentials|authentication/i);
});
