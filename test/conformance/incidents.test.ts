import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { startServer } from '../fakes/server.ts';
import { credentialsOf, EXECUTABLE, helperOf, type Run, runHelper } from '../support/executable.ts';
import { isInstalled } from '../support/is-installed.ts';
import { startLocalIam } from '../support/local-iam.ts';
import { LOOK_ALIKES } from '../support/look-alikes.ts';
import { succeed } from '../support/processes.ts';
import { makeHome } from '../support/test-home.ts';

/**
 * What went wrong elsewhere, one test each, under the names in docs/threat-model.md. Short ones: the
 * suites that are named there try the same in breadth.
 */
const hasStrace = isInstalled('strace', 'what the program asks of the system');
const KEY = 'k'.repeat(44);
const NOT_FOUND = 'credentials not found in native keychain\n';

/** With a key that is good for every registry, handed out as it is: whoever gets an answer gets that key. */
const ask = (server: string): Promise<Run> =>
  helperOf(makeHome({ ICR_API_KEY: KEY, ICR_CREDENTIAL_KIND: 'iamapikey' }).env).get(server);

async function expectRefused(servers: readonly string[]): Promise<void> {
  for (const server of servers) {
    const run = await ask(server);
    expect([server, run.code]).toEqual([server, 1]);
    expect(run.stdout + run.stderr).not.toContain(KEY);
    expect(run.stdout).toMatch(/^[^\p{Cc}]+\n$/u);
  }
}

it('CVE-2020-5260, CVE-2020-11008: a line break or an empty host is refused, and matches nothing', async () => {
  await expectRefused([
    '',
    '\n',
    'https://',
    'https:///',
    'us.icr.io\nattacker.example',
    'attacker.example\nus.icr.io',
  ]);
  expect((await ask('us.icr.io\n')).code).toBe(0);
});

it('CVE-2024-52006, CVE-2024-50338, CVE-2025-23040: CR, U+2028 and the like do not end a line', async () => {
  const breaks = ['\r', '\u2028', '\u2029', '\u0085', '\v', '\f', '\0'];
  await expectRefused(
    breaks.flatMap((end) => [`us.icr.io${end}attacker.example`, `attacker.example${end}us.icr.io`]),
  );
});

it('CVE-2024-50349: no escape sequence of others reaches a terminal', async () => {
  const evil = 'us.icr.io\u001b[2J\u202e';
  for (const run of [await ask(evil), await runHelper([evil], { env: makeHome().env })])
    expect(run.stdout + run.stderr).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u);
});

it('CVE-2024-53858: a key goes to no host but those of ICR', async () => {
  await expectRefused(LOOK_ALIKES.filter((name) => name.trim() !== ''));
});

it('GO-2026-6225: a host that begins or ends like ours is another one', async () => {
  await expectRefused([
    'us.icr.io.attacker.example',
    'evil-us.icr.io',
    'attacker.example/us.icr.io',
    'usXicrXio',
  ]);
});

it('docker-credential-gcr: an answer is for the server that was asked for', async () => {
  for (const server of ['https://index.docker.io/v1/', 'gcr.io', 'localhost:5000'])
    expect((await ask(server)).stdout).toBe(NOT_FOUND);
  expect(credentialsOf(await ask('https://us.icr.io/'))?.ServerURL).toBe('https://us.icr.io/');
});

it('CVE-2021-41092: configure notices that clients could not start the helper', async () => {
  const home = makeHome();
  const bin = join(home.folder, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'docker-credential-icr'), 'not to be executed', { mode: 0o644 });
  const run = await runHelper(['configure'], { env: { ...home.env, PATH: bin } });
  expect(run.stderr).toMatch(
    /^warning: .* is not executable, so that no client can start it: run chmod \+x /m,
  );
});

it('CVE-2020-15157: nothing follows a redirect to another host', async () => {
  const visits: string[] = [];
  const handle = async (request: Request) => {
    visits.push(request.url);
    return Response.json({ access_token: 'a', expires_in: 3600 });
  };
  const elsewhere = await startServer({ handlers: { '*': handle } });
  onTestFinished(() => elsewhere.close());
  const { iam, env, apiKey } = await startLocalIam();
  iam.setFault({ kind: 'redirect', location: `${elsewhere.url}/identity/token`, status: 307 });
  expect(await helperOf({ ...env, ICR_API_KEY: apiKey }).get('us.icr.io')).toMatchObject({ code: 1 });
  expect(visits).toEqual([]);
});

it('CVE-2025-15558, CVE-2020-26233: no program of the working directory is started', async () => {
  const { env, url, iam, home } = await startLocalIam();
  iam.endpoints = url;
  const mark = join(home.folder, 'ran');
  for (const name of ['xdg-open', 'ibmcloud'])
    writeFileSync(join(home.folder, name), `#!/bin/sh\ntouch ${mark}\n`, { mode: 0o755 });
  const options = { env: { ...env, PATH: '.:', DISPLAY: ':0' }, cwd: home.folder };
  await runHelper(['login', '--sso'], options);
  await runHelper(['get'], { ...options, input: 'us.icr.io' });
  expect(existsSync(mark)).toBe(false);
});

/** What the program does with the system, by strace. */
async function trace(calls: string, verb: string, input: string) {
  const home = makeHome();
  const temporary = join(home.folder, 'tmp');
  mkdirSync(temporary);
  const log = join(home.folder, 'strace.log');
  const script = `umask 000; exec /usr/bin/strace -f -e trace=${calls} -o ${log} ${EXECUTABLE} ${verb}`;
  await succeed('/bin/sh', ['-c', script], { env: { ...home.env, TMPDIR: temporary }, input });
  return { text: readFileSync(log, 'utf8'), temporary, home };
}

const STORE = JSON.stringify({ ServerURL: 'us.icr.io', Username: 'iamapikey', Secret: KEY });

it.skipIf(!hasStrace)('CVE-2024-24828: no code comes from a folder that others can foresee', async () => {
  const { text, temporary, home } = await trace('open,openat', 'store', STORE);
  expect(text).toContain(home.dataFolder);
  expect(text).not.toContain(temporary);
  expect(text).not.toMatch(/\.node"/);
  // The home of the test itself lies there.
  expect(text.replaceAll(home.folder, '')).not.toMatch(/"\/(?:var\/)?tmp\//);
});

it.skipIf(!hasStrace)('docker-credential-gcr: a file is closed to others from its first moment', async () => {
  const { text, home } = await trace('open,openat,creat,chmod,fchmod,fchmodat', 'store', STORE);
  const made = text.split('\n').filter((line) => line.includes('O_CREAT') && line.includes(home.folder));
  expect(made.length).toBeGreaterThan(3);
  expect(made.filter((line) => !/O_EXCL/.test(line) || !/, 0600\)/.test(line))).toEqual([]);
  expect(text).not.toMatch(/chmod/);
});

it('secrets in arguments: refused, and not repeated', async () => {
  for (const args of [
    ['login', `--apikey=${KEY}`],
    ['login', '--apikey', KEY],
    ['login', KEY],
  ]) {
    const run = await runHelper(args, { env: makeHome().env });
    expect(run.code).not.toBe(0);
    expect(run.stdout + run.stderr).not.toContain(KEY);
  }
});

it('docker compose: a project’s .env sends a stored key nowhere else', async () => {
  const attacker = await startLocalIam();
  const home = makeHome();
  await helperOf(home.env).store('us.icr.io', 'iamapikey', KEY);
  const hostile = {
    IBMCLOUD_IAM_API_ENDPOINT: attacker.url,
    IAM_ENDPOINT: attacker.url,
    NODE_TLS_REJECT_UNAUTHORIZED: '0',
    SSL_CERT_FILE: attacker.env['SSL_CERT_FILE'] ?? '',
    HTTPS_PROXY: 'http://127.0.0.1:1',
  };
  expect(await helperOf({ ...home.env, ...hostile }).get('us.icr.io')).toMatchObject({ code: 1 });
  expect(attacker.iam.exchanges).toEqual([]);
});
