import { readdirSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type ClientHome, makeClientHome } from '../support/client-home.ts';
import { type Cloud, startCloud } from '../support/cloud.ts';
import { DOCKER_CLIENTS, type Dockerd, startDockerd } from '../support/dockerd.ts';
import { credentialsOf, EXECUTABLE, helperOf } from '../support/executable.ts';
import { LOOK_ALIKES } from '../support/look-alikes.ts';

/** Where the key and the tokens made from it must not turn up. */
let cloud: Cloud;
let dockerd: Dockerd;
let home: ClientHome;
let apiKey: string;

beforeAll(async () => {
  cloud = await startCloud();
  dockerd = await startDockerd(cloud.caFile);
  const anna = cloud.iam.addUser({ email: 'anna@example.com', iamId: 'IBMid-anna' });
  cloud.icr.allow(anna, 'ns', 'manager');
  apiKey = cloud.iam.addApiKey(anna);
});
afterAll(async () => {
  await dockerd?.stop();
  await cloud?.stop();
});
afterEach(() => home?.cleanUp());

/** Runs a program under strace and gives every argument list and environment that was started. */
async function traceStarts(program: string, args: readonly string[], input?: string): Promise<string> {
  const log = join(home.folder, 'strace.log');
  await home.run(
    'strace',
    ['-f', '-v', '-s', '100000', '-e', 'trace=execve', '-o', log, program, ...args],
    input,
  );
  const text = readFileSync(log, 'utf8');
  expect(text).toContain('docker-credential-icr');
  return text;
}

describe('the API key and its tokens', () => {
  it('are in no argument list, no environment, no file and no log', async () => {
    home = await makeClientHome({ caFile: cloud.caFile, env: { DOCKER_HOST: dockerd.host } });
    const helper = helperOf(home.env);
    const seen = [
      await traceStarts(
        'podman',
        ['login', '--username', 'iamapikey', '--password-stdin', 'us.icr.io'],
        apiKey,
      ),
      await traceStarts('skopeo', ['copy', home.image, 'docker://us.icr.io/ns/app:v1']),
      await traceStarts('podman', ['pull', 'us.icr.io/ns/app:v1']),
      await traceStarts(DOCKER_CLIENTS[0] ?? '', ['pull', 'us.icr.io/ns/app:v1']),
      await traceStarts(DOCKER_CLIENTS[0] ?? '', ['login', 'us.icr.io']),
    ].join('\n');
    const token = credentialsOf(await helper.get('us.icr.io'))?.Secret ?? '';
    const session =
      credentialsOf(await helperOf({ ...home.env, ICR_CREDENTIAL_KIND: 'iamrefresh' }).get('us.icr.io'))
        ?.Secret ?? '';
    const secrets = [
      apiKey,
      token,
      session,
      Buffer.from(`iamapikey:${apiKey}`).toString('base64'),
      token.split('.')[1] ?? '',
    ];
    for (const secret of secrets) {
      expect(secret.length).toBeGreaterThan(20);
      expect(seen).not.toContain(secret);
    }
    const found = filesBelow(tmpdir()).filter((file) => {
      const content = readFileSync(file, 'latin1');
      return secrets.some((secret) => content.includes(secret));
    });
    expect(found).toEqual([]);
  });
});

describe('names that are not ICR’s', () => {
  it('open no connection of any kind', async () => {
    home = await makeClientHome({ caFile: cloud.caFile, env: { ICR_API_KEY: apiKey } });
    cloud.iam.reset();
    for (const name of LOOK_ALIKES.filter((name) => name.trim() !== '')) {
      const log = join(home.folder, 'strace.log');
      const traced = ['-f', '-e', 'trace=socket,connect', '-o', log, EXECUTABLE, 'get'];
      const run = await home.attempt('strace', traced, name);
      expect([name, run.stdout, run.stderr]).toEqual([
        name,
        'credentials not found in native keychain\n',
        '',
      ]);
      expect([name, readFileSync(log, 'utf8').match(/socket\(|connect\(/)]).toEqual([name, null]);
    }
    expect(cloud.iam.exchanges).toEqual([]);
    // The same trace does see the connection where there is one.
    const log = join(home.folder, 'strace.log');
    await home.run('strace', ['-f', '-e', 'trace=socket,connect', '-o', log, EXECUTABLE, 'get'], 'us.icr.io');
    expect(readFileSync(log, 'utf8')).toMatch(/connect\(.*192\.0\.2\.1/);
  });
});

function filesBelow(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  // The program itself, and whatever is not ours to read.
  return files.filter(
    (file) => (statSync(file, { throwIfNoEntry: false })?.size ?? Number.MAX_VALUE) < 20_000_000,
  );
}
