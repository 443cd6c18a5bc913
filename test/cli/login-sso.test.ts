import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Identity } from '../fakes/iam/identities.ts';
import { standInBrowser } from '../support/browser.ts';
import { ownerOf } from '../support/claims.ts';
import { EXECUTABLE, helperOf, runHelper } from '../support/executable.ts';
import { addUser, type LocalIam, NO_REGISTRY, startIamWithPages } from '../support/local-iam.ts';
import { typeAt } from '../support/typing.ts';

const logIn = ({ iam, env }: LocalIam, user: Identity, ...args: string[]) =>
  runHelper(['login', '--sso', '--passcode-stdin', ...args], { env, input: `${iam.addPasscode(user)}\n` });

const whoAnswers = async (env: Record<string, string>, server: string) =>
  ownerOf(await helperOf(env).get(server));

describe('login --sso', () => {
  it('shows the page, asks for the code without showing it, and serves every ICR host with that one exchange', async () => {
    const { iam, url, env, home } = await startIamWithPages();
    const browser = standInBrowser(home.folder, { ...env, ICR_STORE_PASSPHRASE: 'correct horse' });
    let code = '';
    const lookUp = async () => {
      code = /<code>(\S+)<\/code>/.exec(await browser.shown())?.[1] ?? '';
      return `${code}\r`;
    };
    const dialogue = [
      ['One-time code: ', lookUp],
      ['Configure the clients', 'n\r'],
    ] as const;
    const run = await typeAt(`${EXECUTABLE} login --sso`, dialogue, { ...browser.env, TERM: 'xterm' });
    expect(run).toMatchObject({ code: 0, stdout: expect.stringContaining(`${url}/identity/passcode`) });
    expect(run.stdout).toMatch(/Logged in\S* as \S*anna@example.com\S*, user of account \w+ \(IBMid-anna\)/);
    for (const part of ['The session is stored', 'at most 72 hours', 'API key lasts'])
      expect(run.stdout).toContain(part);
    expect(code).not.toBe('');
    expect(run.stdout).not.toContain(code);

    expect(browser.startedWith()).toMatch(`1: ${url}/identity/passcode\n`);
    expect(browser.startedWith()).not.toContain('correct horse');
    for (const server of ['us.icr.io', 'private.de.icr.io'])
      expect(await whoAnswers({ ...env, ICR_STORE_PASSPHRASE: 'correct horse' }, server)).toBe('IBMid-anna');
    expect(iam.tokenRequests()).toBe(1);
    expect(iam.exchanges.find(({ path }) => path === '/identity/token')).toMatchObject({
      form: { grant_type: 'urn:ibm:params:oauth:grant-type:passcode', passcode: '[anna@example.com]' },
      headers: { authorization: 'Basic [bx]' },
    });
    expect(JSON.parse((await helperOf(env).list()).stdout)).toMatchObject({ 'jp.icr.io': 'iamrefresh' });
  });

  it.each([
    ['no desktop', {}],
    ['somebody who came by ssh', { DISPLAY: ':0', SSH_CONNECTION: '192.0.2.7 4000 192.0.2.1 22' }],
  ])('opens nothing for %s, and works all the same', async (_, surroundings) => {
    const { iam, url, env, home, anna } = await startIamWithPages();
    const { env: desktop, ...browser } = standInBrowser(home.folder, env);
    const { DISPLAY: _display, ...bare }: Record<string, string> = desktop;
    const dialogue = [
      ['One-time code: ', `${iam.addPasscode(anna)}\r`],
      ['Configure the clients', 'n\r'],
    ] as const;
    const run = await typeAt(`${EXECUTABLE} login --sso`, dialogue, {
      ...bare,
      ...surroundings,
      TERM: 'xterm',
    });
    expect(run).toMatchObject({ code: 0, stdout: expect.stringContaining(`${url}/identity/passcode`) });
    expect(browser.startedWith()).toBeNull();
  });

  it('Ctrl-C at the prompt leaves nothing behind', async () => {
    const { env, home } = await startIamWithPages();
    const run = await typeAt(`${EXECUTABLE} login --sso`, [['One-time code: ', '\u0003']], {
      ...env,
      TERM: 'xterm',
    });
    expect(run.code).toBe(130);
    expect(existsSync(home.dataFolder)).toBe(false);
  });

  it('goes where a key would go: a registry, a namespace, a profile', async () => {
    const local = await startIamWithPages();
    const { url, env, home } = local;
    for (const [name, ...args] of [
      ['anna'],
      ['berta', '--registry', 'us.icr.io', '--registry', 'uk.icr.io'],
      ['carla', '--registry', 'us.icr.io/team'],
      ['dora', '--profile', 'work'],
    ] as const) {
      expect(await logIn(local, addUser(local.iam, name), ...args)).toMatchObject({ code: 0 });
    }
    home.configure({ iamEndpoint: url, registries: { 'de.icr.io': { profile: 'work' } } });
    for (const [server, owner] of [
      ['jp.icr.io', 'anna'],
      ['us.icr.io', 'berta'],
      ['uk.icr.io', 'berta'],
      ['us.icr.io/team/app', 'carla'],
      ['de.icr.io', 'dora'],
    ] as const) {
      expect([server, await whoAnswers(env, server)]).toEqual([server, `IBMid-${owner}`]);
    }
  });

  it('is renewed from then on', async () => {
    const local = await startIamWithPages();
    local.iam.tokenLifetime = 0.01;
    await logIn(local, local.anna);
    for (let turn = 1; turn <= 3; turn++) {
      expect(await whoAnswers(local.env, 'us.icr.io')).toBe('IBMid-anna');
      expect(local.iam.tokenRequests('refresh_token')).toBe(turn);
    }
  });

  it('names IBM’s own pages; without a terminal it says how to give the code', async () => {
    const { iam, env, home } = await startIamWithPages();
    iam.endpoints = 'https://identity-3.us-east.iam.cloud.ibm.com';
    const run = await runHelper(['login', '--sso'], { env });
    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(run.stderr).toContain('https://identity-3.us-east.iam.cloud.ibm.com/identity/passcode\n');
    expect(run.stderr).toMatch(/error: there is no terminal to ask at\nhint: .*--passcode-stdin\n$/);
    expect(existsSync(home.dataFolder)).toBe(false);
  });

  it('shows no page of anybody else’s', async () => {
    const { iam, env, home } = await startIamWithPages();
    const browser = standInBrowser(home.folder, env);
    iam.endpoints = 'https://iam.cloud.ibm.com.example';
    for (const way of ['--sso', '--web']) {
      const run = await runHelper(['login', way], { env: browser.env });
      expect(run).toMatchObject({ code: 1, stdout: '' });
      expect(run.stderr).toMatch(
        /^error: IAM at \S+ names https:\/\/iam\.cloud\.ibm\.com\.example as its \w+, which is neither IBM's nor its own.*\nhint: .*\n$/,
      );
    }
    expect(browser.startedWith()).toBeNull();
  });

  it.each([
    ['a wrong code', 'abcdefghij', 'refuses the one-time passcode', 'get another'],
    ['no code', '', 'standard input is empty', 'copy the code'],
    ['two words', 'abc def', 'does not hold a one-time code', 'copy the code'],
  ])('%s: an error with a hint, and nothing is stored', async (_, input, problem, hint) => {
    const { env, home } = await startIamWithPages();
    const run = await runHelper(['login', '--passcode-stdin'], { env, input });
    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(run.stderr).toMatch(new RegExp(`^error: .*${problem}.*\nhint: .*${hint}.*\n$`));
    expect(existsSync(home.dataFolder)).toBe(false);
  });

  it('a code is shown to IAM once, also where no answer comes', async () => {
    const { iam, env, anna } = await startIamWithPages();
    iam.failNext(1, { kind: 'close' });
    const code = iam.addPasscode(anna);
    expect(await runHelper(['login', '--passcode-stdin'], { env, input: code })).toMatchObject({ code: 1 });
    expect(iam.tokenRequests()).toBe(1);
  });

  it('is no login without a refresh token', async () => {
    const local = await startIamWithPages();
    local.iam.givesRefreshTokens = false;
    expect(await logIn(local, local.anna)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('gave no refresh token'),
    });
    expect(existsSync(local.home.dataFolder)).toBe(false);
  });

  it.each([
    [['--sso', '--web'], '--sso, --web'],
    [['--web', '--passcode-stdin'], '--passcode-stdin, --web'],
    [['--sso', '--apikey-stdin'], '--sso, --apikey-stdin'],
    [['--web', '--apikey-file', 'x'], '--web, --apikey-file'],
    [['--apikey-stdin', '--apikey-file', 'x'], '--apikey-stdin, --apikey-file'],
  ])('%j do not go together', async (args, named) => {
    const { iam, env } = await startIamWithPages();
    const run = await runHelper(['login', ...args], { env });
    expect(run).toEqual({
      code: 2,
      stdout: '',
      stderr: `error: ${named} do not go together\nhint: choose one way to log in\n`,
    });
    expect(iam.exchanges).toEqual([]);
  });
});

describe('the end of a session', () => {
  it('logout ends it at IAM', async () => {
    const local = await startIamWithPages();
    await logIn(local, local.anna);
    expect(await runHelper(['logout'], { env: local.env })).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Deleted the login iamrefresh of the profile default'),
      stderr: '',
    });
    expect(local.iam.exchanges.at(-1)).toMatchObject({
      path: '/identity/revoke',
      form: { token: '[anna@example.com]' },
      status: 200,
    });
    expect(await whoAnswers(local.env, 'us.icr.io')).toBeNull();
  });

  it('but not while it serves another registry', async () => {
    const local = await startIamWithPages();
    const { iam, env } = local;
    iam.tokenLifetime = 0.01;
    await logIn(local, local.anna, '--registry', 'us.icr.io', '--registry', 'de.icr.io');
    const revocations = () => iam.exchanges.filter(({ path }) => path === '/identity/revoke').length;
    await runHelper(['logout', '--registry', 'us.icr.io'], { env });
    expect(await whoAnswers(env, 'us.icr.io')).toBeNull();
    expect(await whoAnswers(env, 'de.icr.io')).toBe('IBMid-anna');
    expect(revocations()).toBe(0);
    await runHelper(['logout', '--registry', 'de.icr.io'], { env });
    expect(revocations()).toBe(1);
  });

  it.each([
    ['it has expired', 'BXNIM0408E', { now: () => Date.now() + 73 * 3600_000 }],
    ['nobody used it', 'BXNIM0439E', { sessionInactivity: 0 }],
    ['an administrator ended it', 'BXNIM0439E', {}],
  ])('%s: get says so, and how to log in again', async (why, code, settings) => {
    const local = await startIamWithPages();
    local.iam.tokenLifetime = 0.01;
    await logIn(local, local.anna);
    Object.assign(local.iam, settings);
    if (why.startsWith('an administrator')) local.iam.invalidateSession(local.anna);
    const run = await helperOf(local.env).get('us.icr.io');
    expect(run.code).toBe(1);
    expect(run.stdout).toMatch(/^docker-credential-icr: the session at \S+ is over: /);
    expect(run.stdout).toContain(code);
    expect(run.stdout).toContain('run docker-credential-icr login --sso, or log in with an API key');
    expect(run.stderr).toBe(run.stdout);
    expect(local.iam.tokenRequests('refresh_token')).toBe(1);
  });

  it.each([
    [['--profile', 'work'], 'jp.icr.io'],
    [['--registry', 'us.icr.io/team'], 'us.icr.io/team/app'],
  ])('the login that is named goes to the same place: %s', async (where, host) => {
    const local = await startIamWithPages();
    const { iam, home, url, env, anna } = local;
    iam.tokenLifetime = 0.01;
    home.configure({ iamEndpoint: url, registries: { 'jp.icr.io': { profile: 'work' } } });
    await logIn(local, anna, ...where);
    iam.invalidateSession(anna);
    const hint = `run docker-credential-icr login --sso ${where.join(' ')}, or log in with an API key`;
    const doctor = await runHelper(['doctor', host], { env: { ...env, ...NO_REGISTRY } });
    expect(doctor.stdout).toContain(`hint: ${hint}\n`);
    const runs = await Promise.all([helperOf(env).get(host), helperOf(env).get(host)]);
    for (const { stdout } of runs) expect(stdout).toContain(`; ${hint}\n`);
    // A trusted profile that the session assumes ends with it.
    const { id } = iam.addTrustedProfile({ name: 'open', trusts: [anna] });
    home.configure({
      iamEndpoint: url,
      registries: { 'jp.icr.io': { profile: 'work' } },
      profiles: { work: { trustedProfile: id } },
    });
    expect((await helperOf(env).get(host)).stdout).toContain(`; ${hint}\n`);
  });
});
