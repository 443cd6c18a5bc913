import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ClientHome, makeClientHome } from '../support/client-home.ts';
import { addManager, type Cloud, startCloud } from '../support/cloud.ts';
import { credentialsOf, helperOf } from '../support/executable.ts';

/** skopeo, podman and buildah against registries with their real names. */
let cloud: Cloud;
let home: ClientHome;
let apiKey: string;

beforeAll(async () => {
  cloud = await startCloud();
  ({ apiKey } = addManager(cloud));
});
afterAll(() => cloud?.stop());
beforeEach(() => {
  cloud.iam.reset();
  cloud.icr.reset();
});
afterEach(() => home?.cleanUp());

const usernames = () => new Set(cloud.icr.tokenRequests.map(({ username }) => username));

describe.each(['docker', 'containers'] as const)('with credHelpers in %s’s own file', (configured) => {
  beforeEach(async () => {
    home = await makeClientHome({ caFile: cloud.caFile, configured });
    await helperOf(home.env).store('us.icr.io', 'iamapikey', apiKey);
    await helperOf(home.env).store('de.icr.io', 'iamapikey', apiKey);
  });
  // One key for two regions is one identity.
  afterEach(() => expect(cloud.iam.tokenRequests()).toBe(1));

  it('skopeo pushes, inspects, copies and pulls', async () => {
    await home.run('skopeo', ['copy', home.image, 'docker://us.icr.io/ns/app:v1']);
    await home.run('skopeo', ['inspect', 'docker://us.icr.io/ns/app:v1']);
    await home.run('skopeo', ['copy', 'docker://us.icr.io/ns/app:v1', 'docker://de.icr.io/ns/app:v1']);
    await home.run('skopeo', ['copy', 'docker://de.icr.io/ns/app:v1', `dir:${join(home.folder, 'pulled')}`]);
    await home.run('skopeo', ['list-tags', 'docker://us.icr.io/ns/app']);
    expect(usernames()).toEqual(new Set(['iambearer']));
  });

  it('podman pushes and pulls', async () => {
    await home.run('skopeo', ['copy', home.image, 'docker://us.icr.io/ns/base:v1']);
    await home.run('podman', ['pull', 'us.icr.io/ns/base:v1']);
    await home.run('podman', ['push', 'us.icr.io/ns/base:v1', 'us.icr.io/ns/podman:v1']);
    await home.run('podman', ['rmi', '--all', '--force']);
    await home.run('podman', ['pull', 'us.icr.io/ns/podman:v1']);
    expect(usernames()).toEqual(new Set(['iambearer']));
  });

  it('buildah builds from one and pushes', async () => {
    await home.run('skopeo', ['copy', home.image, 'docker://us.icr.io/ns/base:v1']);
    const { stdout } = await home.run('buildah', ['from', 'us.icr.io/ns/base:v1']);
    await home.run('buildah', ['config', '--label', 'built=yes', stdout.trim()]);
    await home.run('buildah', ['commit', stdout.trim(), 'docker://us.icr.io/ns/built:v1']);
    expect(usernames()).toEqual(new Set(['iambearer']));
  });
});

it('one exchange serves a whole session of all of them', async () => {
  home = await makeClientHome({ caFile: cloud.caFile });
  await helperOf(home.env).store('us.icr.io', 'iamapikey', apiKey);
  await home.run('skopeo', ['copy', home.image, 'docker://us.icr.io/ns/app:v2']);
  await home.run('podman', ['pull', 'us.icr.io/ns/app:v2']);
  await home.run('buildah', ['from', 'us.icr.io/ns/app:v2']);
  await home.run('skopeo', ['inspect', 'docker://us.icr.io/ns/app:v2']);
  expect(cloud.iam.tokenRequests()).toBe(1);
});

it('login, pull and logout go through the helper', async () => {
  home = await makeClientHome({ caFile: cloud.caFile, configured: 'containers' });
  for (const tool of ['podman', 'skopeo', 'buildah']) {
    await home.run(tool, ['login', '--username', 'iamapikey', '--password-stdin', 'us.icr.io'], apiKey);
    expect(JSON.parse((await helperOf(home.env).list()).stdout)).toEqual({ 'us.icr.io': 'iamapikey' });
    expect(readFileSync(join(home.folder, 'run/containers/auth.json'), 'utf8')).not.toMatch(/"auth"/);
    await home.run('skopeo', ['copy', home.image, 'docker://us.icr.io/ns/login:v1']);
    await home.run(tool, ['logout', 'us.icr.io']);
    expect(credentialsOf(await helperOf(home.env).get('us.icr.io'))).toBeNull();
    const refused = await home.attempt('skopeo', ['inspect', 'docker://us.icr.io/ns/login:v1']);
    expect(refused.code).not.toBe(0);
  }
});

it('skopeo takes the answer as --dest-creds and --src-creds', async () => {
  home = await makeClientHome({ caFile: cloud.caFile });
  await helperOf(home.env).store('us.icr.io', 'iamapikey', apiKey);
  for (const kind of ['iambearer', 'iamapikey', 'iamrefresh']) {
    const answer = credentialsOf(await helperOf({ ...home.env, ICR_CREDENTIAL_KIND: kind }).get('us.icr.io'));
    expect(answer?.Username).toBe(kind);
    const credentials = `${answer?.Username}:${answer?.Secret}`;
    await home.run('skopeo', [
      'copy',
      '--dest-creds',
      credentials,
      home.image,
      `docker://us.icr.io/ns/${kind}:v1`,
    ]);
    const copy = [
      'copy',
      '--src-creds',
      credentials,
      `docker://us.icr.io/ns/${kind}:v1`,
      `dir:${join(home.folder, kind)}`,
    ];
    await home.run('skopeo', copy);
  }
  expect(usernames()).toEqual(new Set(['iambearer', 'iamapikey', 'iamrefresh']));
});

it('a failure reaches the person in one line', async () => {
  home = await makeClientHome({ caFile: cloud.caFile });
  await helperOf(home.env).store('us.icr.io', 'iamapikey', apiKey);
  cloud.iam.setFault({ kind: 'refuse', code: 'BXNIM0415E' });
  const refused = await home.attempt('skopeo', ['inspect', 'docker://us.icr.io/ns/app:v1']);
  expect(refused.code).not.toBe(0);
  expect(refused.stderr).toContain('Provided API key could not be found');
});
