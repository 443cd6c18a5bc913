import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { createIam } from '../../fakes/iam.ts';
import { startServer } from '../../fakes/server.ts';
import { watchDoubles } from '../../fakes/witness.ts';
import { createTraces } from '../../support/canary/traces.ts';
import { createWatch } from '../../support/canary/watch.ts';
import { addUser } from '../../support/local-iam.ts';
import { until } from '../../support/until.ts';

/** The search for secrets after every suite: each kind of leak, planted. */
const watch = createWatch();
watchDoubles({ onSecret: watch.addSecret, onUrl: watch.lookAtUrl });

const iam = createIam();
const anna = addUser(iam, 'anna');
let key: string;
let token: string;
let session: string;
let folder: string;

beforeEach(() => {
  watch.takeBreaches();
  key = iam.addApiKey(anna);
  const { accessTokens, sessions } = iam.trusted;
  token = accessTokens.issue(anna, { grantType: 'apikey' }).token;
  session = sessions.newRefreshToken(sessions.open(anna, 'bx'));
  folder = mkdtempSync(join(tmpdir(), 'icr-canary-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
});

const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('traces of a secret', () => {
  const forms: [string, (secret: string) => string][] = [
    ['itself', (secret) => secret],
    ['in a URL', (secret) => `https://iam/?apikey=${encodeURIComponent(secret)}&x=1`],
    ['its second half', (secret) => `…${secret.slice(secret.length / 2)}`],
    ['in hex', (secret) => Buffer.from(secret).toString('hex')],
    ...['', 'anna:', 'iamapikey:', 'iambearer:'].map((user): [string, (secret: string) => string] => [
      `in base64, as a login of ${user}`,
      (secret) => base64(`${user}${secret}`),
    ]),
    ['in base64url, amid JSON', (secret) => Buffer.from(`{"a":"${secret}"}`).toString('base64url')],
    ['in JSON, amid bytes of all kinds', (secret) => `\0\xff{"a":"${secret}"}\xfe`],
  ];

  it.each(forms)('%s: found', (_, form) => {
    for (const secret of [key, token, session]) {
      const traces = createTraces();
      traces.add(secret, 'it');
      expect(traces.findIn(form(secret))).toEqual(['it']);
    }
  });

  it('any half of a key, and any third of the signature of a token', () => {
    const traces = createTraces();
    traces.add(key, 'key');
    traces.add(token, 'token');
    for (let start = 0; start <= 22; start++)
      expect(traces.findIn(key.slice(start, start + 22))).toEqual(['key']);
    const signature = token.split('.')[2] ?? '';
    for (let start = 0; start <= (signature.length * 2) / 3; start++)
      expect(traces.findIn(signature.slice(start, start + signature.length / 3))).toEqual(['token']);
  });

  it('are not in another secret of the same person, though tokens share much', () => {
    const traces = createTraces();
    traces.add(key, 'key');
    traces.add(session, 'session');
    expect(traces.findIn(`${iam.addApiKey(anna)} ${token} ${'a'.repeat(1000)}`)).toEqual([]);
    traces.add(token, 'token');
    const { token: another } = iam.trusted.accessTokens.issue(anna, { grantType: 'apikey' });
    expect(traces.findIn(another)).toEqual([]);
  });
});

describe('the watch', () => {
  it.each([
    ['stdout', 1],
    ['stderr', 2],
  ])('finds a secret on %s of a command', async (stream, number) => {
    await run(`echo "debug: ${token}" >&${number}`, 'status');
    const where = new RegExp(`^a secret of anna@example.com in ${stream} of .*docker-credential-icr status$`);
    expect(watch.takeBreaches()).toEqual([expect.stringMatching(where)]);
  });

  it.each(['get', 'export', 'kubelet'])(
    'finds it on stderr of %s, whose stdout has to hold it',
    async (verb) => {
      await run(`echo "${token}"`, verb);
      expect(watch.takeBreaches()).toEqual([]);
      await run(`echo "${token}" >&2`, verb);
      expect(watch.takeBreaches()).toHaveLength(1);
    },
  );

  it('finds it in a URL', async () => {
    const server = await startServer({ handlers: { '*': iam.handle } });
    onTestFinished(() => server.close());
    await fetch(`${server.url}/identity/token`, { headers: { authorization: `Bearer ${token}` } });
    expect(watch.takeBreaches()).toEqual([]);
    await fetch(`${server.url}/identity/token?apikey=${key}`);
    expect(watch.takeBreaches()).toEqual([
      expect.stringContaining(`in a URL at ${new URL(server.url).host}`),
    ]);
  });

  it.each([
    ['a file', 'log', () => key],
    ['a cache that is not sealed', 'run/docker-credential-icr/key', () => `{"token":"${token}"}`],
    ['a client’s file', '.docker/config.json', () => `{"auth":"${base64(`iamapikey:${key}`)}"}`],
    ['a core', 'cwd/core.4711', () => `\0\x7fELF${session}\0`],
  ])('finds it in %s', (_, name, content) => {
    write(name, content());
    watch.lookAtFiles(folder);
    expect(watch.takeBreaches()).toEqual([`a secret of anna@example.com in the file ${name}`]);
  });

  it('finds it in the name of a file, and does not say it', () => {
    write(`tokens/${key}`, '');
    watch.lookAtFiles(folder);
    expect(watch.takeBreaches()).toEqual([
      'a secret of anna@example.com in the name of a file: tokens [secret]',
    ]);
  });

  it('passes over what a test has laid there to be read', () => {
    write('key', key);
    watch.lookAtFiles(folder);
    expect(watch.takeBreaches()).toEqual([]);
  });

  describe.runIf(process.platform === 'linux')('of processes', () => {
    it('finds it in the arguments of what ours starts', async () => {
      const breaches = await breachesWhile(`sh -c 'cat; :' sh ${key}`, {});
      expect(breaches).toEqual([expect.stringContaining('in the arguments of sh')]);
    });

    it('finds it in the environment of what ours starts, and not in that of ours', async () => {
      const breaches = await breachesWhile('cat', { ICR_API_KEY: key });
      expect(breaches).toEqual([expect.stringContaining('in the environment of cat')]);
      await run('unset ICR_API_KEY; sleep 0.3', 'get', { ICR_API_KEY: key });
      expect(watch.takeBreaches()).toEqual([]);
    });

    it('leaves alone what the test itself has put into the arguments', async () => {
      await run('sleep 0.3', 'login', {}, [key]);
      expect(watch.takeBreaches()).toEqual([]);
    });
  });
});

/** A program of our name, by what its shell script does. */
async function run(script: string, verb: string, env = {}, more: string[] = []): Promise<void> {
  const child = start(script, [verb, ...more], env);
  await new Promise((resolve) => child.on('close', resolve));
}

/** Of one that reads its input, which ends when something was found. */
async function breachesWhile(script: string, env: Record<string, string>): Promise<string[]> {
  const child = start(script, ['get'], env);
  const ended = new Promise((resolve) => child.on('close', resolve));
  let found: string[] = [];
  await until('something is found', () => {
    found = watch.takeBreaches();
    return found.length > 0;
  });
  child.stdin.end();
  await ended;
  return found;
}

function start(script: string, args: readonly string[], env: Record<string, string>) {
  const program = join(folder, 'docker-credential-icr');
  writeFileSync(program, `#!/bin/sh\n${script}\n:\n`, { mode: 0o755 });
  const child = spawn(program, args, { env: { PATH: '/usr/bin:/bin', ...env } });
  watch.lookAtProcess(child);
  return child;
}

function write(name: string, content: string): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), content, 'latin1');
}
