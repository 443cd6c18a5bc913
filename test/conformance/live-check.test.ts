import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { createIam, type Iam } from '../fakes/iam.ts';
import { createIcr, type Icr } from '../fakes/icr.ts';
import { startServer } from '../fakes/server.ts';
import { createAuthority } from '../support/certificates.ts';
import { addUser } from '../support/local-iam.ts';
import { command, type Finished } from '../support/processes.ts';

/** `npm run live-check` against the double: what it says of the real ones is only as good as this. */
const SCRIPT = fileURLToPath(new URL('../../scripts/live-check.mjs', import.meta.url));
const DOCUMENT = fileURLToPath(new URL('../../docs/assumptions.md', import.meta.url));

let iam: Iam;
let icr: Icr;
let iamUrl: string;
let apiKey: string;
let folder: string;
let env: Record<string, string>;

beforeEach(async () => {
  iam = createIam();
  icr = createIcr({ iam });
  const anna = addUser(iam, 'anna');
  icr.allow(anna, 'ns', 'manager');
  apiKey = iam.addApiKey(anna);
  folder = mkdtempSync(join(tmpdir(), 'icr-live-'));
  const authority = await createAuthority();
  const certificate = await authority.issue({ names: ['127.0.0.1', 'localhost'] });
  const iamServer = await startServer({ handlers: { '*': iam.handle }, certificate });
  const icrServer = await startServer({ handlers: { '*': icr.handle }, certificate });
  onTestFinished(async () => {
    await iamServer.close();
    await icrServer.close();
    rmSync(folder, { recursive: true, force: true });
  });
  iamUrl = iamServer.url;
  writeFileSync(join(folder, 'ca.pem'), authority.certificate);
  env = {
    ...{ PATH: process.env['PATH'] ?? '', HOME: folder, TMPDIR: folder },
    SSL_CERT_FILE: join(folder, 'ca.pem'),
    ICR_LIVE_IAM: iamUrl,
    ICR_LIVE_REGISTRY: `127.0.0.1:${icrServer.port}`,
    ICR_LIVE_SECOND_REGISTRY: `localhost:${icrServer.port}`,
    ICR_LIVE_NAMESPACE: 'ns',
  };
});

const run = (key = apiKey) =>
  command(process.execPath, [SCRIPT], {
    env: { ...env, ...(key && { ICR_LIVE_API_KEY: key }) },
    cwd: folder,
  });

/** Verdicts by line. */
function verdictsOf({ stdout }: Finished): Record<string, string> {
  const rows = [...stdout.matchAll(/^\| ([a-z-]+) +\| ([a-z ]+?) +\|/gm)].map(([, line, verdict]) => [
    line,
    verdict,
  ]);
  return Object.fromEntries(rows.filter(([line]) => line !== 'line' && !/^-+$/.test(line ?? '')));
}

it('decides every line, and the double is as we assume', async () => {
  const finished = await run();
  expect(new Set(Object.values(verdictsOf(finished)))).toEqual(new Set(['holds']));
  expect(finished).toMatchObject({ code: 0, stderr: '' });
  expect(finished.stdout).toContain('does not hold: 0, could not tell: 0');
});

it('has a line for each one that docs/assumptions.md names, and no other', async () => {
  const documented = [...readFileSync(DOCUMENT, 'utf8').matchAll(/`live-check: ([a-z-]+)`/g)].map(
    ([, line]) => line,
  );
  expect(Object.keys(verdictsOf(await run())).sort()).toEqual([...new Set(documented)].sort());
});

it('prints no secret and writes none down', async () => {
  const { stdout, stderr } = await run();
  const words = (stdout + stderr).match(/[A-Za-z0-9_-]{40,}/g) ?? [];
  expect(words.filter((word) => !/^-+$/.test(word))).toEqual([]);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
  const leaks = files.filter((file) => statSync(file).isFile() && readFileSync(file).includes(apiKey));
  expect(leaks).toEqual([]);
});

it('leaves no session of its own open', async () => {
  await run();
  const revoked = iam.exchanges.filter(({ path, status }) => path === '/identity/revoke' && status === 200);
  expect(revoked.length).toBeGreaterThanOrEqual(iam.exchanges.filter(isSession).length);
});

function isSession({ form, headers }: Iam['exchanges'][number]): boolean {
  return form['grant_type']?.endsWith(':apikey') === true && headers['authorization'] === 'Basic [bx]';
}

describe('says so where it is otherwise', () => {
  it.each([
    ['refresh-once', () => Object.assign(iam, { rotateRefreshTokens: false })],
    ['identity-token-end', () => Object.assign(icr, { identityTokenIsJwt: true })],
    ['wrong-login', () => Object.assign(icr, { badCredentialStatus: 400 })],
    ['clock', () => Object.assign(iam, { now: () => Date.now() + 120_000 })],
    ['discovery', () => Object.assign(iam, { endpoints: iamUrl })],
  ])('%s', async (line, change) => {
    change();
    const finished = await run();
    const others = Object.entries(verdictsOf(finished)).filter(([, verdict]) => verdict !== 'holds');
    expect(others).toEqual([[line, 'does not hold']]);
    expect(finished.code).toBe(1);
  });
});

it('an outage decides nothing', async () => {
  icr.setFault({ kind: 'status', status: 503 });
  const finished = await run();
  expect(verdictsOf(finished)).toMatchObject({
    'apikey-alone': 'holds',
    challenge: 'holds',
    'iambearer-get': 'could not tell',
    'identity-token': 'could not tell',
  });
  expect(Object.values(verdictsOf(finished))).not.toContain('does not hold');
  expect(finished.code).toBe(1);
});

it('leaves the scope open without a namespace', async () => {
  delete env['ICR_LIVE_NAMESPACE'];
  expect(verdictsOf(await run())).toMatchObject({ scope: 'could not tell' });
});

describe('one line for what cannot be tried', () => {
  it('no key', async () => {
    const { code, stdout, stderr } = await run('');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^ICR_LIVE_API_KEY is not set: .+\n$/);
  });

  it('a key that IAM refuses', async () => {
    iam.disableKey(apiKey);
    const { code, stderr } = await run();
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: 'live-check: IAM gives no token for this key: HTTP 400 BXNIM0462E\n',
    });
  });

  it('an IAM without TLS that is not on this machine, or a registry that is no host', async () => {
    env['ICR_LIVE_IAM'] = 'http://iam.example';
    expect(await run()).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^live-check: ICR_LIVE_IAM .+\n$/),
    });
    Object.assign(env, { ICR_LIVE_IAM: iamUrl, ICR_LIVE_REGISTRY: 'https://us.icr.io/ns' });
    expect(await run()).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^live-check: ICR_LIVE_REGISTRY .+\n$/),
    });
    expect(iam.tokenRequests()).toBe(0);
  });
});
