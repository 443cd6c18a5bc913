import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ClientHome, makeClientHome } from '../support/client-home.ts';
import { addManager, type Cloud, startCloud } from '../support/cloud.ts';
import { DOCKER_CLIENTS, type Dockerd, startDockerd } from '../support/dockerd.ts';
import { credentialsOf, EXECUTABLE, helperOf, runHelper } from '../support/executable.ts';
import { parseYaml } from '../support/yaml.ts';

/** What `export` gives, taken by the real clients in place of the helper. */
let cloud: Cloud;
let dockerd: Dockerd;
let home: ClientHome;
let annasKey: string;
let robotsKey: string;

beforeAll(async () => {
  cloud = await startCloud();
  dockerd = await startDockerd(cloud.caFile);
  const robot = cloud.iam.addServiceId({ name: 'robot', account: 'f'.repeat(32) });
  cloud.icr.allow(robot, 'elsewhere', 'manager');
  annasKey = addManager(cloud).apiKey;
  robotsKey = cloud.iam.addApiKey(robot);
});
afterAll(async () => {
  await dockerd?.stop();
  await cloud?.stop();
});

beforeEach(async () => {
  home = await makeClientHome({ caFile: cloud.caFile, env: { DOCKER_HOST: dockerd.host } });
  await runHelper(['login', '--apikey-stdin'], { env: home.env, input: annasKey });
  await runHelper(['login', '--apikey-stdin', '--profile', 'robot'], { env: home.env, input: robotsKey });
  await home.run('skopeo', ['copy', home.image, 'docker://us.icr.io/ns/app:v1']);
  // From here on nobody asks the helper: what the registry sees comes from the exports.
  for (const file of ['.docker/config.json', 'run/containers/auth.json'])
    writeFileSync(join(home.folder, file), '{}');
  cloud.icr.reset();
});
afterEach(() => home?.cleanUp());

const exported = async (...args: string[]) => (await home.run(EXECUTABLE, ['export', ...args])).stdout;
const usernames = () => [...new Set(cloud.icr.tokenRequests.map(({ username }) => username))];

/** Every client pulls with this auth file, public and private name. */
async function pullWithAll(file: string): Promise<void> {
  const config = join(home.folder, 'docker-config');
  mkdirSync(config);
  writeFileSync(join(config, 'config.json'), readFileSync(file));
  for (const host of ['us.icr.io', 'private.us.icr.io']) {
    const image = `${host}/ns/app:v1`;
    await home.run('skopeo', ['inspect', '--authfile', file, `docker://${image}`]);
    await home.run('podman', ['pull', '--authfile', file, image]);
    await home.run('buildah', ['from', '--pull-always', '--authfile', file, image]);
    for (const docker of DOCKER_CLIENTS) {
      await home.run(docker, ['--config', config, 'pull', image]);
      await home.run(docker, ['rmi', image]);
    }
  }
}

it('without an export nobody gets in', async () => {
  expect((await home.attempt('skopeo', ['inspect', 'docker://us.icr.io/ns/app:v1'])).code).not.toBe(0);
});

it.each(['iambearer', 'iamapikey', 'iamrefresh'])(
  'an auth file with %s serves every client',
  async (kind) => {
    const file = join(home.folder, 'auth-file.json');
    await exported('auth-file', '--all-regions', '--private', '--kind', kind, '--output', file);
    await pullWithAll(file);
    expect(usernames()).toEqual([kind]);
  },
);

it('the content of a pull secret serves every client', async () => {
  const [secret] = (await parseYaml(
    await exported('kubernetes', '--registry', 'us.icr.io', '--private'),
  )) as [{ data: Record<string, string> }];
  const file = join(home.folder, 'dockerconfig.json');
  writeFileSync(file, Buffer.from(secret.data['.dockerconfigjson'] ?? '', 'base64'));
  await pullWithAll(file);
  expect(usernames()).toEqual(['iamapikey']);
});

it('an entry for a namespace serves podman and skopeo for it, and for nothing else', async () => {
  const file = join(home.folder, 'auth-file.json');
  await exported('auth-file', '--registry', 'us.icr.io/ns', '--output', file);
  await home.run('skopeo', ['inspect', '--authfile', file, 'docker://us.icr.io/ns/app:v1']);
  await home.run('podman', ['pull', '--authfile', file, 'us.icr.io/ns/app:v1']);
  const other = await home.attempt('skopeo', ['inspect', '--authfile', file, 'docker://de.icr.io/ns/app:v1']);
  expect(other.code).not.toBe(0);
});

it('skopeo copies between two accounts, with --src-creds and --dest-creds from two exports', async () => {
  const from = (await exported('skopeo', '--registry', 'us.icr.io')).trim();
  const to = (await exported('skopeo', '--registry', 'de.icr.io', '--profile', 'robot')).trim();
  const copy = ['docker://us.icr.io/ns/app:v1', 'docker://de.icr.io/elsewhere/app:v1'];
  await home.run('skopeo', ['copy', '--src-creds', from, '--dest-creds', to, ...copy]);
  await home.run('skopeo', ['inspect', '--creds', to, 'docker://de.icr.io/elsewhere/app:v1']);
  // Each for its own account, and not the other way round.
  const swapped = await home.attempt('skopeo', ['copy', '--src-creds', to, '--dest-creds', from, ...copy]);
  expect(swapped.code).not.toBe(0);
});

it('a password file holds what ICR takes for the user name that is shown', async () => {
  const file = join(home.folder, 'password');
  const shown = await exported('code-engine', '--registry', 'us.icr.io', '--output', file);
  const [, username = ''] = /--username (\S+)/.exec(shown) ?? [];
  const credentials = `${username}:${readFileSync(file, 'utf8').trim()}`;
  await home.run('skopeo', ['inspect', '--creds', credentials, 'docker://us.icr.io/ns/app:v1']);
});

describe('secrets', () => {
  it('go to the one file or pipe: no program is started, nothing else is written or said', async () => {
    const token = credentialsOf(await helperOf(home.env).get('us.icr.io'))?.Secret ?? '';
    const traces = [annasKey, token].flatMap((secret) => [
      secret,
      Buffer.from(secret).toString('base64').slice(0, -4),
    ]);
    for (const [consumer, kind] of [
      ['skopeo', 'iambearer'],
      ['kubernetes', 'iamapikey'],
      ['code-engine', 'iamapikey'],
      ['cloud-foundry', 'iamapikey'],
      ['auth-file', 'iambearer'],
    ] as const) {
      const log = join(home.folder, 'strace.log');
      const file = join(home.folder, `exported-${consumer}`);
      const command = [
        EXECUTABLE,
        'export',
        consumer,
        '--registry',
        'us.icr.io',
        '--kind',
        kind,
        '--output',
        file,
      ];
      const { stdout, stderr } = await home.run('strace', [
        '-f',
        '-v',
        '-s',
        '100000',
        '-e',
        'trace=execve',
        '-o',
        log,
        ...command,
      ]);
      const starts = readFileSync(log, 'utf8')
        .split('\n')
        .filter((line) => line.includes('execve('));
      expect(starts).toHaveLength(1);
      for (const trace of traces) expect(stdout + stderr + starts.join()).not.toContain(trace);
      expect(readFileSync(file, 'utf8').length).toBeGreaterThan(annasKey.length);
    }
  });
});
