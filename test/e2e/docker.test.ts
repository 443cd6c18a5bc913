import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ClientHome, makeClientHome } from '../support/client-home.ts';
import { addManager, type Cloud, startCloud } from '../support/cloud.ts';
import { DOCKER_CLIENTS, type Dockerd, startDockerd } from '../support/dockerd.ts';
import { credentialsOf, helperOf } from '../support/executable.ts';
import { succeed } from '../support/processes.ts';
import { typeAt } from '../support/typing.ts';

/** The docker client and daemon; the daemon talks to the registry, the client starts the helper. */
let cloud: Cloud;
let dockerd: Dockerd;
let home: ClientHome;
let apiKey: string;

beforeAll(async () => {
  cloud = await startCloud();
  dockerd = await startDockerd(cloud.caFile);
  ({ apiKey } = addManager(cloud));
});
afterAll(async () => {
  await dockerd?.stop();
  await cloud?.stop();
});
beforeEach(async () => {
  cloud.iam.reset();
  cloud.icr.reset();
  home = await makeClientHome({
    caFile: cloud.caFile,
    configured: 'docker',
    env: { DOCKER_HOST: dockerd.host },
  });
});
afterEach(() => home?.cleanUp());

const get = async () => credentialsOf(await helperOf(home.env).get('us.icr.io'));

describe.each(DOCKER_CLIENTS)('%s', (docker) => {
  it('pushes, pulls, inspects and builds, with one exchange', async () => {
    await helperOf(home.env).store('us.icr.io', 'iamapikey', apiKey);
    await home.run('skopeo', ['copy', home.image, 'docker://us.icr.io/ns/base:v1']);
    await home.run(docker, ['pull', 'us.icr.io/ns/base:v1']);
    await home.run(docker, ['tag', 'us.icr.io/ns/base:v1', 'us.icr.io/ns/docker:v1']);
    await home.run(docker, ['push', 'us.icr.io/ns/docker:v1']);
    await home.run(docker, ['manifest', 'inspect', 'us.icr.io/ns/docker:v1']);
    expect(new Set(cloud.icr.tokenRequests.map(({ username }) => username))).toEqual(new Set(['iambearer']));
    expect(cloud.iam.tokenRequests()).toBe(1);
  });

  it('a legacy build asks for every configured registry and pulls its base', async () => {
    await helperOf(home.env).store('us.icr.io', 'iamapikey', apiKey);
    await home.run('skopeo', ['copy', home.image, 'docker://us.icr.io/ns/base:v1']);
    const builder = { ...home.env, DOCKER_BUILDKIT: '0' };
    const dockerfile = 'FROM us.icr.io/ns/base:v1\nLABEL built=yes\n';
    await succeed(docker, ['build', '--no-cache', '--tag', 'us.icr.io/ns/built:v1', '-'], {
      env: builder,
      input: dockerfile,
    });
    await home.run(docker, ['push', 'us.icr.io/ns/built:v1']);
    expect(cloud.iam.tokenRequests()).toBe(1);
  });

  it('login with a typed key, then logout', async () => {
    const login = await home.run(
      docker,
      ['login', '--username', 'iamapikey', '--password-stdin', 'us.icr.io'],
      apiKey,
    );
    expect(login.stderr).toContain('docker passed on a registry session');
    expect(readFileSync(join(home.folder, '.docker/config.json'), 'utf8')).not.toContain(apiKey);
    expect(await get()).toMatchObject({ Username: '<token>' });
    await home.run('skopeo', ['copy', home.image, 'docker://us.icr.io/ns/base:v1']);
    await home.run(docker, ['pull', 'us.icr.io/ns/base:v1']);
    await home.run(docker, ['logout', 'us.icr.io']);
    expect(await get()).toBeNull();
  });

  it('a bare login with a stored key changes nothing', async () => {
    await helperOf(home.env).store('us.icr.io', 'iamapikey', apiKey);
    const before = await get();
    const login = await home.run(docker, ['login', 'us.icr.io']);
    expect(login.stdout).toContain('Login Succeeded');
    expect(login.stderr).not.toContain('docker-credential-icr');
    expect(await get()).toEqual(before);
    expect(JSON.parse((await helperOf(home.env).list()).stdout)).toEqual({ 'us.icr.io': 'iamapikey' });
  });

  describe('of another account', () => {
    const bearerOf = async (key: string) =>
      credentialsOf(await helperOf({ ...home.env, ICR_API_KEY: key }).get('us.icr.io'))?.Secret ?? '';

    it('a login counts, also over a token of that account', async () => {
      const berta = addManager(cloud, 'berta');
      await helperOf(home.env).store('us.icr.io', 'iamapikey', apiKey);
      await helperOf(home.env).store('us.icr.io', 'iambearer', await bearerOf(berta.apiKey));
      await home.run(
        docker,
        ['login', '--username', 'iamapikey', '--password-stdin', 'us.icr.io'],
        berta.apiKey,
      );
      expect(await get()).toMatchObject({ Username: '<token>' });
    });

    it('a password typed after our answer was refused counts', async () => {
      const carla = addManager(cloud, 'carla');
      const dora = addManager(cloud, 'dora');
      await helperOf(home.env).store('us.icr.io', 'iamapikey', carla.apiKey);
      await get();
      cloud.iam.remove(carla.user);
      const dialogue = [
        ['sername', 'iamapikey\r'],
        ['assword', `${dora.apiKey}\r`],
      ] as const;
      const login = await typeAt(`${docker} login us.icr.io`, dialogue, { ...home.env, TERM: 'xterm' });
      expect(login.stdout).toContain('Login Succeeded');
      expect(await get()).toMatchObject({ Username: '<token>' });
    });
  });

  it('shows the person why there is no credential', async () => {
    await helperOf(home.env).store('us.icr.io', 'iamapikey', apiKey);
    cloud.iam.setFault({ kind: 'refuse', code: 'BXNIM0415E' });
    const refused = await home.attempt(docker, ['pull', 'us.icr.io/ns/base:v1']);
    expect(refused.code).not.toBe(0);
    expect(refused.stderr + refused.stdout).toContain('Provided API key could not be found');
  });
});
