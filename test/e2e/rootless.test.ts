import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { ordinaryAccount } from '../support/accounts.ts';
import { type ClientHome, makeClientHome } from '../support/client-home.ts';
import { addManager, type Cloud, startCloud } from '../support/cloud.ts';
import { type Keyring, startKeyring } from '../support/keyring.ts';

/**
 * An ordinary user, with bus and keyring outside the user namespace that rootless podman and buildah
 * make: in it the helper runs as uid 0, which a bus that authenticates by uid may not believe.
 */
let cloud: Cloud;
let keyring: Keyring;
let home: ClientHome;
let apiKey: string;

const user = ordinaryAccount();

beforeAll(async () => {
  cloud = await startCloud();
  ({ apiKey } = addManager(cloud));
});
afterAll(() => cloud?.stop());
beforeEach(async () => {
  cloud.iam.reset();
  cloud.icr.reset();
  home = await makeClientHome({ caFile: cloud.caFile, user });
  keyring = await startKeyring({ folder: home.folder, user });
  home.env['DBUS_SESSION_BUS_ADDRESS'] = keyring.address;
});
afterEach(async () => {
  await keyring?.stop();
  await home.attempt('podman', ['unshare', 'rm', '-rf', `${home.folder}/storage`]);
  home.cleanUp();
});

it('podman and buildah pull and push with a key in the Secret Service', async () => {
  const store = JSON.stringify({ ServerURL: 'us.icr.io', Username: 'iamapikey', Secret: apiKey });
  expect(await home.run('docker-credential-icr', ['store'], store)).toMatchObject({ stderr: '' });
  await home.run('skopeo', ['copy', home.image, 'docker://us.icr.io/ns/app:v1']);

  expect((await home.run('podman', ['unshare', 'id', '-u'])).stdout.trim()).toBe('0');
  await home.run('podman', ['pull', 'us.icr.io/ns/app:v1']);
  await home.run('podman', ['push', 'us.icr.io/ns/app:v1', 'us.icr.io/ns/rootless:v1']);
  await home.run('buildah', ['from', 'us.icr.io/ns/rootless:v1']);
  // The user's namespaces and the user share one cache.
  expect(cloud.iam.tokenRequests()).toBe(1);

  // From inside, the keyring itself answers too.
  home.env['ICR_CREDENTIAL_KIND'] = 'iamapikey';
  await home.run('podman', ['rmi', '--all', '--force']);
  await home.run('podman', ['pull', 'us.icr.io/ns/rootless:v1']);
  expect(cloud.icr.tokenRequests.at(-1)).toMatchObject({ username: 'iamapikey', status: 200 });

  // And without libsecret.
  const log = join(home.folder, 'opened');
  const traced = ['strace', '-f', '-e', 'trace=openat', '-o', log, 'docker-credential-icr', 'get'];
  const { stdout } = await home.run('podman', ['unshare', ...traced], 'us.icr.io');
  expect(JSON.parse(stdout)).toMatchObject({ Secret: apiKey });
  expect(readFileSync(log, 'utf8')).not.toContain('libsecret');
});

it('a login from inside the namespace reaches the keyring outside', async () => {
  await home.run('podman', ['login', '--username', 'iamapikey', '--password-stdin', 'us.icr.io'], apiKey);
  expect((await home.run('docker-credential-icr', ['list'])).stdout).toBe('{"us.icr.io":"iamapikey"}\n');
  await home.run('skopeo', ['copy', home.image, 'docker://us.icr.io/ns/app:v1']);
  await home.run('podman', ['logout', 'us.icr.io']);
  expect(await home.attempt('docker-credential-icr', ['get'], 'us.icr.io')).toMatchObject({ code: 1 });
});
