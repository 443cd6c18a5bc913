import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { describe, expect, it, onTestFinished } from 'vitest';
import { standInBrowser } from '../support/browser.ts';
import { claimsOf } from '../support/claims.ts';
import { credentialsOf, EXECUTABLE, helperOf, type Run, runHelper } from '../support/executable.ts';
import { startIamWithPages } from '../support/local-iam.ts';

interface RunningLogin {
  /** What it asks to be opened. */
  page: URL;
  /** Where the browser is to come back to, with this query. */
  back(query: Record<string, string>, host?: string): string;
  interrupt(): void;
  ended: Promise<Run & { signal: NodeJS.Signals | null }>;
}

/** A login that waits for its browser, which the test is. */
async function startLogin(env: Record<string, string>): Promise<RunningLogin> {
  const child = spawn(EXECUTABLE, ['login', '--web'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => (output.stdout += chunk));
  const ended = new Promise<Run & { signal: NodeJS.Signals | null }>((resolve) =>
    child.on('close', (code, signal) => resolve({ code, signal, ...output })),
  );
  const page = await new Promise<URL>((resolve, reject) => {
    child.stderr.on('data', (chunk) => {
      output.stderr += chunk;
      const [shown] = /^https:\/\/\S+(?=\n)/m.exec(output.stderr) ?? [];
      if (shown) resolve(new URL(shown));
    });
    child.on('close', () => reject(new Error(`no page was shown: ${output.stderr}`)));
  });
  const redirectUri = page.searchParams.get('redirect_uri') ?? '';
  return {
    page,
    back: (query, host = 'localhost') => {
      const url = new URL(redirectUri);
      url.hostname = host;
      return `${url.href}?${new URLSearchParams(query)}`;
    },
    interrupt: () => void child.kill('SIGINT'),
    ended,
  };
}

/** Both, but where the machine has no IPv6. */
const hasIpv6 = Object.values(networkInterfaces())
  .flat()
  .some((one) => one?.address === '::1');
const LOOPBACK = ['127.0.0.1', ...(hasIpv6 ? ['[::1]'] : [])];

const stateOf = ({ page }: RunningLogin) => page.searchParams.get('state') ?? '';

const STATIC_PAGE = /^<!DOCTYPE html>\n<html lang="en">.*The login goes on in the terminal.*<\/html>\n$/s;

describe('login --web', () => {
  it('opens the browser, takes what it brings back, and serves with that one exchange', async () => {
    const { iam, env, home } = await startIamWithPages();
    const browser = standInBrowser(home.folder, env);
    const run = await runHelper(['login', '--web'], { env: browser.env });
    expect(run).toMatchObject({ code: 0, stdout: expect.stringContaining('Logged in as anna@example.com') });
    expect(run.stdout).toContain('The session is stored');
    expect(await browser.shown()).toMatch(STATIC_PAGE);
    const answer = credentialsOf(await helperOf(env).get('us.icr.io'));
    expect(claimsOf(answer?.Secret)).toMatchObject({
      iam_id: 'IBMid-anna',
      grant_type: 'authorization_code',
    });
    expect(iam.tokenRequests()).toBe(1);
    expect(iam.exchanges.find(({ path }) => path === '/identity/token')).toMatchObject({
      form: { code: '[anna@example.com]', redirect_uri: expect.stringMatching(/^http:\/\/localhost:\d+\/$/) },
      headers: { authorization: 'Basic [bx]' },
    });
    const [, page = ''] = /^1: (\S+)\n/.exec(browser.startedWith() ?? '') ?? [];
    expect(run.stderr).toContain(`${page}\n`);
    expect(Object.fromEntries(new URL(page).searchParams)).toEqual({
      response_type: 'code',
      client_id: 'bx',
      redirect_uri: expect.stringMatching(/^http:\/\/localhost:\d+\/$/),
      state: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
    });
    await runHelper(['logout'], { env });
    expect(iam.exchanges.at(-1)).toMatchObject({ path: '/identity/revoke', status: 200 });
  });

  it('without a desktop it shows the address, and waits for a browser of this machine', async () => {
    const { iam, env } = await startIamWithPages();
    const login = await startLogin(env);
    const redirect = await iam.handle(new Request(login.page));
    const reply = await fetch(redirect.headers.get('location') ?? '');
    expect([reply.status, await reply.text()]).toEqual([200, expect.stringMatching(STATIC_PAGE)]);
    expect(reply.headers.get('content-security-policy')).toBe("default-src 'none'");
    expect(await login.ended).toMatchObject({ code: 0, stdout: expect.stringContaining('anna@example.com') });
  });

  it.each(LOOPBACK)('listens on %s', async (host) => {
    const { env } = await startIamWithPages();
    const login = await startLogin(env);
    const reply = await fetch(login.back({ state: stateOf(login), error: 'access_denied' }, host));
    expect(reply.status).toBe(200);
    expect(await login.ended).toMatchObject({ code: 1 });
  });

  it.each([
    ['the person says no', { error: 'access_denied' }, 'did not let the login through (access_denied)'],
    ['an error that is no word', { error: '<b>\u001b[31m' }, 'did not let the login through\n'],
    ['an empty code', { code: '' }, 'came back without a code'],
    ['a code that IAM does not know', { code: 'guessed' }, 'refuses the authorization code'],
  ])('%s: one clear line that points to --sso, and nothing is stored', async (_, query, problem) => {
    const { env, home } = await startIamWithPages();
    const login = await startLogin(env);
    const reply = await fetch(login.back({ state: stateOf(login), ...query }));
    expect(await reply.text()).toMatch(STATIC_PAGE);
    const run = await login.ended;
    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(run.stderr).toContain(problem);
    expect(run.stderr).toMatch(/\nerror: .*\nhint: .*docker-credential-icr login --sso\n$/);
    expect(run.stderr).not.toContain('<b>');
    expect(existsSync(home.dataFolder)).toBe(false);
  });

  it('takes nothing else for an answer', async () => {
    const { iam, env } = await startIamWithPages();
    const login = await startLogin(env);
    const answer = login.back({ state: stateOf(login), code: 'x' });
    for (const [url, method] of [
      [login.back({}).replace('?', ''), 'GET'],
      [answer.replace('/?', '/favicon.ico?'), 'GET'],
      [answer, 'HEAD'],
      [answer, 'POST'],
      [login.back({ state: 'guessed', code: 'x' }), 'GET'],
      [login.back({ state: 'guessed', error: 'access_denied' }), 'GET'],
      [login.back({ code: 'x' }), 'GET'],
      [`${answer}&state=guessed`, 'GET'],
      [login.back({ state: stateOf(login) }), 'GET'],
    ] as const) {
      expect([url, method, (await fetch(url, { method })).status]).toEqual([url, method, 404]);
    }
    const redirect = await iam.handle(new Request(login.page));
    await fetch(redirect.headers.get('location') ?? '');
    expect(await login.ended).toMatchObject({ code: 0 });
  });

  it('takes one answer only', async () => {
    const { iam, env } = await startIamWithPages();
    iam.setFault({ kind: 'delay', milliseconds: 500 });
    const login = await startLogin(env);
    const redirect = await iam.handle(new Request(login.page));
    const first = redirect.headers.get('location') ?? '';
    const second = login.back({ state: stateOf(login), error: 'access_denied' });
    const replies = [await fetch(first), await fetch(second)];
    expect(replies.map(({ status }) => status)).toEqual([200, 404]);
    expect(await login.ended).toMatchObject({ code: 0 });
  });

  it('Ctrl-C ends it and leaves nothing behind', async () => {
    const { env, home } = await startIamWithPages();
    const login = await startLogin(env);
    login.interrupt();
    expect(await login.ended).toMatchObject({ signal: 'SIGINT', stdout: '' });
    await expect(fetch(login.back({ state: 'x' }))).rejects.toThrow();
    expect(existsSync(home.dataFolder)).toBe(false);
  });
});
