import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createTraces } from '../support/canary/traces.ts';
import { type ClientHome, makeClientHome } from '../support/client-home.ts';
import { addManager, type Cloud, startCloud } from '../support/cloud.ts';
import { DOCKER_CLIENTS, type Dockerd, startDockerd } from '../support/dockerd.ts';
import { credentialsOf, EXECUTABLE, helperOf } from '../support/executable.ts';
import { LOOK_ALIKES } from '../support/look-alikes.ts';
import { command } from '../support/processes.ts';

/** Where the key and the tokens made from it must not turn up. */
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
    const traces = createTraces();
    for (const [name, secret] of Object.entries({ apiKey, token, session })) {
      expect(secret.length).toBeGreaterThan(20);
      traces.add(secret, name);
    }
    expect(traces.findIn(seen)).toEqual([]);
    // Of the whole machine; those of the home are looked through after each test anyway.
    const found = (await filesSince(join(home.folder, 'layout'), tmpdir())).filter(
      (file) => traces.findIn(contentOf(file)).length > 0,
    );
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

/** By find(1), which goes on where others remove what it looks at; without the program itself. */
async function filesSince(start: string, folder: string): Promise<string[]> {
  const args = [folder, '-newer', start, '-type', 'f', '-size', '-20000k', '-print0'];
  const { stdout } = await command('/usr/bin/find', args, { env: {} });
  return stdout.split('\0').filter((file) => file !== '');
}

/** '' for what another program has removed meanwhile. */
function contentOf(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}
