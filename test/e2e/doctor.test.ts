import { chmodSync, copyFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { Identity } from '../fakes/iam/identities.ts';
import { type ClientHome, makeClientHome } from '../support/client-home.ts';
import { type Cloud, startCloud } from '../support/cloud.ts';
import { EXECUTABLE, helperOf, runHelper } from '../support/executable.ts';
import { type Keyring, startKeyring } from '../support/keyring.ts';

/** Set-ups that are broken in one place, with the real clients' files, keyring and names of IBM Cloud. */
let cloud: Cloud;
let home: ClientHome;
let keyring: Keyring;
let env: Record<string, string>;
let anna: Identity;
let apiKey: string;

beforeAll(async () => {
  cloud = await startCloud();
});
afterAll(() => cloud?.stop());

beforeEach(async () => {
  home = await makeClientHome({ caFile: cloud.caFile });
  keyring = await startKeyring({ folder: home.folder });
  env = { ...home.env, DBUS_SESSION_BUS_ADDRESS: keyring.address };
  anna = cloud.iam.addUser({ email: 'anna@example.com', iamId: `IBMid-${Math.random()}` });
  apiKey = cloud.iam.addApiKey(anna);
  cloud.icr.allow(anna, 'team', 'reader');
  expect(await runHelper(['login', '--apikey-stdin'], { env, input: apiKey })).toMatchObject({ code: 0 });
});
afterEach(async () => {
  cloud.iam.reset();
  cloud.icr.reset();
  cloud.icr.privateOnly.clear();
  cloud.icr.overPullQuota.clear();
  cloud.iam.now = Date.now;
  await keyring?.stop();
  home?.cleanUp();
});

interface Report {
  host: string;
  findings: { check: string; status: string; title: string; detail?: string; hint?: string }[];
  summary: Record<'ok' | 'warning' | 'failure' | 'skipped', number>;
}

async function examine(variables = env, ...args: string[]) {
  const run = await runHelper(['doctor', '--json', ...(args.length > 0 ? args : ['us.icr.io'])], {
    env: variables,
  });
  expect(run.stdout + run.stderr).not.toContain(apiKey);
  expect(run.stdout + run.stderr).not.toContain('eyJ');
  const report: Report = JSON.parse(run.stdout);
  expect(run.code).toBe(report.summary.failure > 0 ? 1 : 0);
  const of = (status: string) =>
    report.findings
      .filter((finding) => finding.status === status)
      .map(({ check, title, hint = '' }) => `${check}: ${title} [${hint}]`);
  return { ...report, failures: of('failure'), warnings: of('warning'), oks: of('ok'), code: run.code };
}

const matching = (...patterns: RegExp[]) => patterns.map((pattern) => expect.stringMatching(pattern));
const configFile = () => join(home.folder, '.docker/config.json');
const authFile = () => join(home.folder, 'run/containers/auth.json');
/** Of no key that IAM knows: none of those may lie there (support/canary). */
const entry = () => ({ auth: Buffer.from('iamapikey:in clear text').toString('base64') });

describe('a set-up that is well', () => {
  it('has no failure, says what it saw, and is left as it was', async () => {
    const listing = () => readdirSync(home.folder, { recursive: true }).sort();
    const before = listing();
    const { failures, warnings, oks, code } = await examine(env, 'us.icr.io/team/app');
    expect({ failures, code }).toEqual({ failures: [], code: 0 });
    expect(warnings).toEqual(matching(/^program: services \(systemd\), sudo and desktop programs do not/));
    expect(oks).toEqual(
      matching(
        /^program: clients find it on PATH: .*docker-credential-icr/,
        /^clients: asked for us.icr.io by the clients that read .*config.json and .*auth.json/,
        /^settings: there is no settings file/,
        /^keychain: the keychain writes, reads and deletes/,
        /^secrets: each stored secret can be read \(1\)/,
        /^cache: tokens are kept in /,
        /^chain: your login answers for us.icr.io\/team\/app, as iambearer/,
        /^iam: iam.cloud.ibm.com answers/,
        /^iam: the clock of this machine agrees/,
        /^exchange: IAM gives a token for anna@example.com, user of account \w+ \(IBMid-/,
        /^registry: us.icr.io answers and asks for a login/,
        /^registry: us.icr.io takes the login \(iambearer\)/,
        /^registry: may pull, but not push us.icr.io\/team\/app/,
      ),
    );
    expect(listing()).toEqual(before);
  });

  it('is told to a person in lines', async () => {
    const run = await runHelper(['doctor', 'us.icr.io'], { env });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout).toMatch(/^ok {7}program: /);
    expect(run.stdout).toMatch(/^warning {2}program: .*\n {9}hint: run sudo ln -s /m);
    expect(run.stdout).toMatch(/\nus\.icr\.io: no failure, 1 warning\n$/);
  });
});

describe('the program', () => {
  it('1: is not on PATH', async () => {
    const { failures } = await examine({ ...env, PATH: '/usr/bin:/bin' });
    expect(failures).toEqual(
      matching(/^program: docker-credential-icr is not on PATH.*\[put its folder on PATH/),
    );
  });

  it('2: is on PATH and not executable', async () => {
    const bin = join(home.folder, 'bin');
    mkdirSync(bin);
    copyFileSync(EXECUTABLE, join(bin, 'docker-credential-icr'));
    chmodSync(join(bin, 'docker-credential-icr'), 0o644);
    const { failures } = await examine({ ...env, PATH: `${bin}:/usr/bin:/bin` });
    expect(failures).toEqual(
      matching(/^program: .*\/bin\/docker-credential-icr is not executable.*\[run chmod/),
    );
    const { failures: none, warnings } = await examine({ ...env, PATH: `${bin}:${dirname(EXECUTABLE)}` });
    expect(none).toEqual([]);
    expect(warnings).toContainEqual(expect.stringContaining('is on PATH and not executable'));
  });

  it('2: comes after another program of its name', async () => {
    const bin = join(home.folder, 'bin');
    mkdirSync(bin);
    writeFileSync(join(bin, 'docker-credential-icr'), '#!/bin/sh\n', { mode: 0o755 });
    const { failures } = await examine({ ...env, PATH: `${bin}:${env['PATH']}` });
    expect(failures).toEqual(
      matching(/^program: clients start .*\/bin\/docker-credential-icr, which is not this program/),
    );
  });
});

describe('the files of clients', () => {
  it('3: are not JSON', async () => {
    writeFileSync(configFile(), '{"credHelpers": {"us.icr.io": "icr",}}');
    const { failures } = await examine();
    expect(failures).toEqual(matching(/^clients: .*\/\.docker\/config\.json is not JSON/));
  });

  it('4: hold a login in clear text that goes before the helper', async () => {
    writeFileSync(authFile(), JSON.stringify({ auths: { 'us.icr.io': entry() } }));
    chmodSync(authFile(), 0o644);
    const { failures, warnings } = await examine();
    expect(failures).toEqual(
      matching(
        /^clients: .*auth\.json holds a login for us\.icr\.io in clear text, which goes before the helper/,
      ),
    );
    expect(warnings).toContainEqual(
      expect.stringMatching(/auth\.json can be read by other users.*chmod 600/),
    );
  });

  it('4: hold one under a name that the helper does not have', async () => {
    const credHelpers = { 'us.icr.io': 'icr' };
    const auths = { 'us.icr.io': entry(), 'https://de.icr.io': entry(), 'index.docker.io': entry() };
    writeFileSync(configFile(), JSON.stringify({ credHelpers, auths }), { mode: 0o600 });
    const { failures, warnings } = await examine();
    expect(failures).toEqual([]);
    expect(warnings).toContainEqual(expect.stringMatching(/a login for us\.icr\.io in clear text \[/));
    expect(warnings).toContainEqual(
      expect.stringMatching(/a login for https:\/\/de\.icr\.io .*before the helper/),
    );
    expect(warnings.join()).not.toContain('docker.io');
  });

  it('5: name another helper', async () => {
    const credHelpers = { 'us.icr.io': 'osxkeychain', 'de.icr.io': 'pass' };
    writeFileSync(configFile(), JSON.stringify({ credHelpers }), { mode: 0o600 });
    const { failures, warnings } = await examine();
    expect(failures).toEqual(
      matching(
        /^clients: .*config\.json names another helper for us\.icr\.io: osxkeychain \[.*configure --force/,
      ),
    );
    expect(warnings).toContainEqual(expect.stringContaining('another helper for de.icr.io: pass'));
  });

  it.each(['us.icr.io:443', 'https://us.icr.io'])(
    '6: have the key %s, which matches nothing',
    async (key) => {
      writeFileSync(configFile(), JSON.stringify({ credHelpers: { [key]: 'icr' } }), { mode: 0o600 });
      rmSync(authFile());
      const { warnings } = await examine();
      expect(warnings).toContainEqual(
        expect.stringMatching(
          new RegExp(`the helper for ${key}, which no image name matches \\[write "us.icr.io"`),
        ),
      );
      expect(warnings).toContainEqual(expect.stringContaining('no client is configured to ask this helper'));
    },
  );
});

describe('the keychain', () => {
  it('7: is locked', async () => {
    await keyring.lock();
    const { failures } = await examine();
    expect(failures).toEqual(
      matching(
        /^keychain: the keychain gives no answer: .* \[unlock the keyring/,
        /^secrets: the login of the profile default cannot be read/,
        /^exchange: .*keychain/,
      ),
    );
  });

  it('7: is beyond reach: no D-Bus', async () => {
    const { DBUS_SESSION_BUS_ADDRESS: _, ...without }: Record<string, string> = env;
    const { failures } = await examine(without);
    expect(failures).toEqual(
      matching(
        /^keychain: .*there is no D-Bus session bus \[run this inside the desktop session \(sudo, su and cron/,
        /^secrets: the login of the profile default cannot be read.*D-Bus/,
        /^exchange: .*D-Bus/,
      ),
    );
  });

  it('7: accepts and never answers, which takes no longer than a check may', async () => {
    const path = join(home.folder, 'silent-bus');
    const server = createServer(() => {});
    await new Promise<void>((resolve) => server.listen(path, resolve));
    onTestFinished(() => void server.close());
    const desktop = { ...env, DBUS_SESSION_BUS_ADDRESS: `unix:path=${path}`, DISPLAY: ':0' };
    const started = Date.now();
    const { failures } = await examine(desktop, 'us.icr.io', '--offline');
    expect(Date.now() - started).toBeLessThan(15_000);
    expect(failures).toEqual(
      matching(
        /^keychain: no end after 5 s \[unlock the keyring/,
        /^secrets: .*the profile default.*no answer/,
      ),
    );
    const { failures: soon } = await examine({ ...desktop, DISPLAY: '' }, 'us.icr.io', '--offline');
    expect(soon).toEqual(
      matching(
        /^keychain: .*no answer within 3 s \[unlock the keyring; if it is/,
        /^secrets: .*no answer within 3 s/,
      ),
    );
  });

  it('is not there, which is fine as long as nothing lies in it', async () => {
    const { DBUS_SESSION_BUS_ADDRESS: _, ...without }: Record<string, string> = env;
    rmSync(home.dataFolder, { recursive: true });
    expect(await runHelper(['login', '--apikey-stdin'], { env: without, input: apiKey })).toMatchObject({
      code: 0,
    });
    const { failures, warnings } = await examine(without);
    expect(failures).toEqual([]);
    expect(warnings).toContainEqual(expect.stringMatching(/^keychain: .*no D-Bus/));
    rmSync(join(home.folder, '.local/state/docker-credential-icr/store-key'));
    expect((await examine(without)).failures).toContainEqual(
      expect.stringMatching(
        /^secrets: the login of the profile default cannot be read: the file store does not open/,
      ),
    );
  });
});

describe('IAM', () => {
  it('8: does not know the key any more, though a token of it is cached', async () => {
    cloud.iam.deleteKey(apiKey);
    const { failures } = await examine();
    expect(failures).toEqual(
      matching(/^exchange: IAM at .* refuses .*BXNIM0415E.*\[the key was deleted or mistyped/),
    );
  });

  it.each([
    [3600_000, /^iam: the clock of this machine is 60 minutes behind IAM's \[set the clock/],
    [-3600_000, /^iam: the clock of this machine is 60 minutes ahead of IAM's/],
  ])('9: has another time, by %i ms', async (shift, words) => {
    cloud.iam.now = () => Date.now() + shift;
    const { failures } = await examine();
    expect(failures).toContainEqual(expect.stringMatching(words));
  });

  it('9: is two minutes off', async () => {
    cloud.iam.now = () => Date.now() + 120_000;
    const { failures, warnings } = await examine();
    expect(failures).toEqual([]);
    expect(warnings).toContainEqual(expect.stringMatching(/^iam: the clock .* 2 minutes behind/));
  });

  it('10: is behind a proxy that is not there', async () => {
    const { failures, findings } = await examine({ ...env, HTTPS_PROXY: 'http://anna:word@127.0.0.1:9' });
    expect(failures).toEqual(
      matching(
        /^iam: cannot reach iam\.cloud\.ibm\.com .*\[check that the proxy 127\.0\.0\.1:9 runs, .*HTTPS_PROXY/,
        /^registry: cannot reach us\.icr\.io .*\[check that the proxy 127\.0\.0\.1:9 runs/,
      ),
    );
    expect(JSON.stringify(findings)).not.toContain('word@');
    expect(findings.find(({ check }) => check === 'exchange')?.status).toBe('skipped');
  });

  it('10: has a certificate of an unknown authority', async () => {
    const { SSL_CERT_FILE: _, ...without }: Record<string, string> = env;
    const { failures } = await examine(without);
    expect(failures).toEqual(
      matching(
        /^iam: cannot reach .*name its CA in SSL_CERT_FILE/,
        /^registry: cannot reach .*SSL_CERT_FILE/,
      ),
    );
    const { warnings } = await examine({ ...env, NODE_EXTRA_CA_CERTS: '/nonexistent.pem' });
    expect(warnings).toContainEqual(expect.stringMatching(/NODE_EXTRA_CA_CERTS names \/nonexistent\.pem/));
  });

  it.each([
    ['closes', { kind: 'close' }, /^iam: cannot reach iam\.cloud\.ibm\.com/],
    ['hangs', { kind: 'hang' }, /^iam: iam\.cloud\.ibm\.com did not answer within 6 s/],
    ['fails', { kind: 'status', status: 503 }, /^iam: iam\.cloud\.ibm\.com fails with HTTP 503 \[try again/],
    [
      'is a portal',
      { kind: 'html', status: 200 },
      /^iam: .*HTTP 200, but not as IAM does \[check for a proxy/,
    ],
  ] as const)('%s', async (_, fault, words) => {
    cloud.iam.setFault(fault, '*');
    expect((await examine()).failures).toEqual(matching(words));
  });
});

describe('the registry', () => {
  it.each([401, 400] as const)('does not take the login (%i)', async (status) => {
    const previous = cloud.icr.badCredentialStatus;
    cloud.icr.badCredentialStatus = status;
    onTestFinished(() => void Object.assign(cloud.icr, { badCredentialStatus: previous }));
    await helperOf(env).store('us.icr.io', 'iamrefresh', 'x'.repeat(100));
    cloud.iam.remove(anna);
    await helperOf(env).store('us.icr.io', `Profile-${'0'.repeat(36)}`, 'a wrong key');
    expect((await examine()).failures).toEqual(
      matching(/^registry: us\.icr\.io does not take the login: The login credentials are not valid/),
    );
  });

  it('does not know the user name', async () => {
    await helperOf(env).store('us.icr.io', 'somebody', 'a password');
    expect((await examine()).failures).toEqual(
      matching(
        /^registry: us\.icr\.io does not take the user name somebody: .*UNSUPPORTED.*\[log in as iamapikey/,
      ),
    );
  });

  it('gives no role', async () => {
    expect((await examine(env, 'us.icr.io/other/app')).failures).toEqual(
      matching(
        /^registry: no role gives access to us\.icr\.io\/other\/app: You are not .*Reader.*namespace-list/,
      ),
    );
    cloud.icr.allow(anna, 'team', 'reader', 'writer');
    expect((await examine(env, 'us.icr.io/team')).oks.at(-1)).toContain('may pull and push us.icr.io/team/');
  });

  it('takes private connections only', async () => {
    cloud.icr.privateOnly.add(anna.account);
    expect((await examine()).failures).toEqual(
      matching(/^registry: the account takes private connections only.*\[use private\.us\.icr\.io/),
    );
    expect((await examine(env, 'private.us.icr.io')).failures).toEqual([]);
  });

  it('has no quota left', async () => {
    cloud.icr.overPullQuota.add(anna.account);
    expect((await examine(env, 'us.icr.io/team/app')).failures).toEqual(
      matching(/^registry: the quota of the account is used up: You have exceeded your pull traffic quota/),
    );
  });

  it('hangs, or is a portal', async () => {
    cloud.icr.setFault({ kind: 'hang' }, '/v2/');
    expect((await examine()).failures).toEqual(matching(/^registry: us\.icr\.io did not answer within 6 s/));
    cloud.icr.setFault({ kind: 'html', status: 200 }, '/v2/');
    expect((await examine()).failures).toEqual(matching(/^registry: .*HTTP 200, but not as a registry does/));
  });
});

describe('what is stored', () => {
  it('is named when it is damaged or mistyped', async () => {
    home.configure({ credentailKind: 'iamapikey', registries: { 'us.icr.oi': {} } });
    writeFileSync(join(home.dataFolder, 'profiles/default.json'), '{');
    const { failures, warnings } = await examine(env, 'us.icr.io', '--offline');
    expect(failures).toContainEqual(expect.stringMatching(/^secrets: .*default\.json is damaged/));
    expect(failures).toContainEqual(
      expect.stringMatching(/^chain: your login is broken: .*default\.json is damaged/),
    );
    expect(warnings).toContainEqual(
      expect.stringMatching(/^settings: .*credentailKind is no setting.*\[write credentialKind if/),
    );
    expect(warnings).toContainEqual(
      expect.stringMatching(/^settings: .*registries\.us\.icr\.oi is not the name/),
    );
  });
});
