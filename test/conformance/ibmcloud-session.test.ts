import { createHash } from 'node:crypto';
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ownerOf } from '../support/claims.ts';
import { credentialsOf, EXECUTABLE, helperOf, runHelper } from '../support/executable.ts';
import { type CliMode, startWithCli, writeConfig } from '../support/ibmcloud-cli.ts';
import { isInstalled } from '../support/is-installed.ts';
import { addUser, NO_REGISTRY } from '../support/local-iam.ts';
import { succeed } from '../support/processes.ts';
import { until } from '../support/until.ts';

const hasStrace = isInstalled('strace', 'what the program asks of the system');
const MINUTE = 60;
/** More than four fifths of an hour. */
const STALE = 50 * MINUTE;
const EXPIRED = 61 * MINUTE;
const NOT_FOUND = 'credentials not found in native keychain\n';
const WAY_OUT = 'run ibmcloud login (or ibmcloud login --sso), or docker-credential-icr login';

async function start(settings: object = {}) {
  const local = await startWithCli(settings);
  const anna = addUser(local.iam, 'anna-of-the-cli');
  const helper = helperOf(local.env);
  return { ...local, anna, helper, get: () => helper.get('us.icr.io') };
}

describe('a token that lives', () => {
  it('answers as it is, without a run of the CLI, a word to IAM or a file of ours', async () => {
    const { cli, iam, home, anna, helper } = await start();
    await cli.logIn(anna, { age: 47 * MINUTE });
    for (const host of ['us.icr.io', 'private.de.icr.io', 'icr.io', 'us.icr.io/ns/app']) {
      const run = await helper.get(host);
      expect(run).toMatchObject({ code: 0, stderr: '' });
      expect(credentialsOf(run)).toMatchObject({ ServerURL: host, Username: 'iambearer' });
      expect(`Bearer ${credentialsOf(run)?.Secret}`).toBe(cli.read()['IAMToken']);
    }
    expect(cli.runs()).toEqual([]);
    expect(iam.exchanges).toEqual([]);
    expect([existsSync(home.cacheFolder), existsSync(home.dataFolder)]).toEqual([false, false]);
  });

  it('of another login shows in the very next get', async () => {
    const { cli, iam, anna, get } = await start();
    const berta = addUser(iam, 'berta');
    for (const [user, age] of [
      [anna, 0],
      [berta, 0],
      [anna, STALE],
      [berta, STALE],
      [anna, 10],
    ] as const) {
      await cli.logIn(user, { age });
      expect(ownerOf(await get())).toBe(user.iamId);
    }
  });

  it('serves neither another IAM’s registries, nor comes from an IAM that nobody named', async () => {
    const { cli, anna, helper } = await start();
    const owners = async () => [
      ownerOf(await helper.get('us.icr.io')),
      ownerOf(await helper.get('stg.icr.io')),
    ];
    await cli.logIn(anna, { changes: { IAMEndpoint: 'https://iam.test.cloud.ibm.com' } });
    expect(await owners()).toEqual([null, anna.iamId]);
    await cli.logIn(anna, { changes: { IAMEndpoint: 'https://iam.cloud.ibm.com/' } });
    expect(await owners()).toEqual([anna.iamId, null]);
    for (const IAMEndpoint of [
      'https://iam.example',
      'https://iam.cloud.ibm.com.example',
      'http://iam.cloud.ibm.com',
      '',
      null,
    ]) {
      await cli.logIn(anna, { age: STALE, changes: { IAMEndpoint } });
      expect([IAMEndpoint, ...(await owners())]).toEqual([IAMEndpoint, null, null]);
    }
    expect(cli.runs()).toEqual([]);
  });

  it('is all there is: no key, no refresh token', async () => {
    const { cli, anna, env } = await start();
    await cli.logIn(anna);
    for (const kind of ['iamapikey', 'iamrefresh']) {
      const run = await helperOf({ ...env, ICR_CREDENTIAL_KIND: kind }).get('us.icr.io');
      expect(run).toMatchObject({
        code: 1,
        stdout: expect.stringContaining(`${kind}, but the ibmcloud session gives access tokens only`),
      });
    }
  });

  it('is left alone where the settings say so, and where somebody logged out', async () => {
    const { cli, anna, get, helper, home, url } = await start();
    await cli.logIn(anna);
    await helper.erase('us.icr.io');
    expect(await get()).toMatchObject({ code: 1, stdout: NOT_FOUND, stderr: '' });
    expect(ownerOf(await helper.get('de.icr.io'))).toBe(anna.iamId);
    home.configure({ iamEndpoint: url, ibmcloudSession: false });
    expect(await helper.get('de.icr.io')).toMatchObject({ code: 1, stdout: NOT_FOUND, stderr: '' });
  });
});

describe('where the CLI keeps its files', () => {
  const usual = '.bluemix';
  it.each([
    ['the usual place', {}, [usual], usual],
    ['the new usual place, if it is there', {}, [usual, '.ibmcloud'], '.ibmcloud'],
    ['IBMCLOUD_HOME', { IBMCLOUD_HOME: 'a' }, [usual, 'a/.bluemix'], 'a/.bluemix'],
    ['IBMCLOUD_HOME, new', { IBMCLOUD_HOME: 'a' }, ['a/.bluemix', 'a/.ibmcloud'], 'a/.ibmcloud'],
    ['BLUEMIX_HOME', { BLUEMIX_HOME: 'b' }, [usual, 'b/.bluemix'], 'b/.bluemix'],
    ['both', { IBMCLOUD_HOME: 'a', BLUEMIX_HOME: 'b' }, [usual, 'a/.bluemix', 'b/.ibmcloud'], 'a/.bluemix'],
    [
      'IBMCLOUD_CONFIG_HOME, the folder itself',
      { IBMCLOUD_CONFIG_HOME: 'c', IBMCLOUD_HOME: 'a' },
      [usual, 'c', 'c/.ibmcloud', 'a/.bluemix'],
      'c',
    ],
  ] as const)('%s', async (_, variables, folders, chosen) => {
    const { cli, iam, home, env } = await start();
    for (const [index, folder] of folders.entries()) {
      const file = join(home.folder, folder, 'config.json');
      await cli.logIn(addUser(iam, `of-${index}`), { file, age: STALE });
    }
    const absolute = Object.entries(variables).map(([name, value]) => [name, join(home.folder, value)]);
    const run = await helperOf({ ...env, ...Object.fromEntries(absolute) }).get('us.icr.io');
    // By way of the CLI, which goes by its own rules.
    expect(ownerOf(run)).toBe(`IBMid-of-${(folders as readonly string[]).indexOf(chosen)}`);
    expect(cli.runs()).toHaveLength(1);
    expect(cli.written()).toBe(readFileSync(join(home.folder, chosen, 'config.json'), 'utf8'));
  });

  it.each([
    ['nothing at all', undefined],
    ['an empty file', ''],
    ['half a file', '{"IAMToken": "Bea'],
    ['something else', '[]'],
    ['null', 'null'],
    ['other types', '{"IAMToken": 1, "IAMRefreshToken": {}, "Account": null}'],
    ['a logout', '{"IAMToken": "", "IAMRefreshToken": "", "Account": {}}'],
    ['a megabyte', JSON.stringify({ IAMToken: 'x'.repeat(1024 * 1024) })],
  ])('%s is no session and no error', async (_, content) => {
    const { cli, get } = await start();
    writeConfig(cli.file, {});
    if (content !== undefined) writeFileSync(cli.file, content);
    expect(await get()).toMatchObject({ code: 1, stdout: NOT_FOUND, stderr: '' });
    expect(cli.runs()).toEqual([]);
  });

  it.skipIf(!hasStrace)('a file that is just being written is read again', async () => {
    const { cli, anna, env } = await start();
    await cli.logIn(anna);
    const whole = readFileSync(cli.file);
    writeFileSync(cli.file, whole.subarray(0, 500));
    const log = join(dirname(cli.file), 'opened');
    // Completed when our process has read the half: strace says when.
    const traced = succeed(
      '/usr/bin/strace',
      ['-f', '-e', 'trace=openat,open', '-o', log, EXECUTABLE, 'get'],
      {
        env,
        input: 'us.icr.io',
      },
    );
    await until('it reads', () => existsSync(log) && readFileSync(log, 'utf8').includes(cli.file));
    writeFileSync(cli.file, whole);
    expect(JSON.parse((await traced).stdout)).toMatchObject({ Username: 'iambearer' });
  });
});

describe('a token that is about to run out, or has', () => {
  it.each([
    ['about to', STALE],
    ['has', EXPIRED],
  ])('%s: twenty processes, one run of the CLI, one renewal', async (_, age) => {
    const { cli, iam, anna, get } = await start();
    await cli.logIn(anna, { age });
    const { IAMToken: old } = cli.read();
    const { ino } = statSync(cli.file);
    cli.setMode('slow');
    const runs = await Promise.all(Array.from({ length: 20 }, get));
    expect(new Set(runs.map(ownerOf))).toEqual(new Set([anna.iamId]));
    expect(runs.map(({ stderr }) => stderr).join('')).toBe('');
    expect(cli.runs().map(({ args }) => args)).toEqual([['iam', 'oauth-tokens', '--output', 'json']]);
    expect(iam.exchanges).toMatchObject([
      { status: 200, form: { grant_type: 'refresh_token' }, headers: { authorization: 'Basic [bx]' } },
    ]);
    // The file is the CLI's own, as the CLI wrote it, and its new token answers from now on.
    expect(statSync(cli.file)).toMatchObject({ ino, mode: 0o100600 });
    expect(readFileSync(cli.file, 'utf8')).toBe(cli.written());
    const renewed = credentialsOf(await get())?.Secret;
    expect(`Bearer ${renewed}`).toBe(cli.read()['IAMToken']);
    expect(`Bearer ${renewed}`).not.toBe(old);
    expect([cli.runs().length, iam.tokenRequests()]).toEqual([1, 1]);
  });

  it('renewal after renewal, the CLI stays logged in', async () => {
    const { cli, iam, anna, get } = await start();
    await cli.logIn(anna, { age: EXPIRED });
    // IAM's clock behind ours: whatever it gives is about to run out.
    iam.now = () => Date.now() - STALE * 1000;
    const answers = [];
    for (let turn = 0; turn < 5; turn++) answers.push(credentialsOf(await get())?.Secret);
    expect(new Set(answers).size).toBe(5);
    expect(iam.exchanges.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
  });

  it('is used when the CLI, or another process, renewed it meanwhile', async () => {
    const { cli, anna, get, helper } = await start();
    await cli.logIn(anna, { age: EXPIRED });
    cli.setMode('slow');
    const first = get();
    await until('the CLI runs', () => cli.runs().length > 0);
    const second = helper.get('de.icr.io');
    expect(credentialsOf(await second)?.Secret).toBe(credentialsOf(await first)?.Secret);
    expect(cli.runs()).toHaveLength(1);
  });

  it('is one for a home, whatever caches it has', async () => {
    const { cli, iam, anna, env, home } = await start();
    await cli.logIn(anna, { age: EXPIRED });
    cli.setMode('slow');
    const gets = ['one', 'two', 'three'].map((name) => {
      const runtime = join(home.folder, name);
      mkdirSync(runtime, { mode: 0o700 });
      return helperOf({ ...env, XDG_RUNTIME_DIR: runtime }).get('us.icr.io');
    });
    expect((await Promise.all(gets)).map(ownerOf)).toEqual(Array(3).fill(anna.iamId));
    expect([cli.runs().length, iam.tokenRequests()]).toEqual([1, 1]);
  });

  it('no renewal without the lock: an old token to its end, then one line', async () => {
    const { cli, anna, env } = await start();
    const helper = helperOf({ ...env, XDG_DATA_HOME: '/proc/nothing' });
    await cli.logIn(anna, { age: STALE });
    expect(ownerOf(await helper.get('us.icr.io'))).toBe(anna.iamId);
    await cli.logIn(anna, { age: EXPIRED });
    const run = await helper.get('us.icr.io');
    expect(run).toMatchObject({ code: 1, stdout: expect.stringContaining('cannot be renewed safely') });
    expect(cli.runs()).toEqual([]);
  });

  it('is answered with what the person’s own run of the CLI brought, if that was quicker', async () => {
    const { cli, iam, anna, env, get } = await start();
    await cli.logIn(anna, { age: EXPIRED });
    cli.setMode('slow');
    const late = get();
    await until('the CLI runs', () => cli.runs().length > 0);
    cli.setMode('normal');
    await succeed(cli.program, ['iam', 'oauth-tokens'], { env });
    expect(ownerOf(await late)).toBe(anna.iamId);
    expect(iam.exchanges.map(({ status }) => status)).toEqual([200, 400]);
  });

  it('chatter around the answer does no harm', async () => {
    const { cli, anna, get } = await start();
    await cli.logIn(anna, { age: EXPIRED });
    cli.setMode('chatter');
    expect(ownerOf(await get())).toBe(anna.iamId);
  });

  it('the CLI’s private endpoint is where the CLI asks; SSLDisabled counts for nothing here', async () => {
    const { cli, iam, anna, env, url, get } = await start();
    const changes = {
      SSLDisabled: true,
      IsPrivate: true,
      IAMPrivateEndpoint: url,
      IAMEndpoint: 'https://iam.cloud.ibm.com',
    };
    await cli.logIn(anna, { age: EXPIRED, changes });
    expect(ownerOf(await get())).toBe(anna.iamId);
    expect(iam.tokenRequests('refresh_token')).toBe(1);
    const { SSL_CERT_FILE: _, ...untrusting }: Record<string, string> = env;
    const surroundings = { ...untrusting, ...NO_REGISTRY };
    const run = await runHelper(['doctor', 'us.icr.io', '--json'], { env: surroundings });
    const iamCheck = JSON.parse(run.stdout).findings.find(({ check }: { check: string }) => check === 'iam');
    expect(iamCheck).toMatchObject({ status: 'failure', title: expect.stringContaining(new URL(url).host) });
    expect(JSON.stringify(iamCheck)).toMatch(/certificate/i);
  });

  it.each<[CliMode | 'no CLI', number]>([
    ['same token', 1],
    ['failing', 1],
    ['wordless', 1],
    ['no CLI', 0],
  ])('%s: what the CLI holds serves while it has a minute left', async (mode, runs) => {
    const { cli, anna, env } = await start();
    await cli.logIn(anna, { age: 58 * MINUTE });
    if (mode === 'no CLI') chmodSync(cli.program, 0o644);
    else cli.setMode(mode);
    const helper = helperOf(env);
    const answers = [await helper.get('us.icr.io'), await helper.get('de.icr.io')];
    expect(answers.map((run) => `Bearer ${credentialsOf(run)?.Secret}`)).toEqual(
      Array(2).fill(cli.read()['IAMToken']),
    );
    expect(cli.runs()).toHaveLength(runs);
  });
});

describe('a session that is over', () => {
  it.each<[CliMode | 'no CLI' | 'over', string]>([
    ['over', 'failed (1)'],
    ['failing', 'failed (1)'],
    ['wordless', 'printed no token'],
    ['same token', 'gave one that has run out too'],
    ['no CLI', 'ibmcloud, which could renew it, is not found'],
  ])('%s: not found, one line that says what to do, one run in a minute', async (mode, problem) => {
    const { cli, iam, anna, get } = await start();
    await cli.logIn(anna, { age: EXPIRED });
    if (mode === 'over') iam.invalidateSession(anna);
    else if (mode === 'no CLI') chmodSync(cli.program, 0o644);
    else cli.setMode(mode);
    const before = readFileSync(cli.file);
    const runs = [...(await Promise.all([get(), get(), get()])), await get()];
    for (const { code, stdout, stderr } of runs) {
      expect({ code, stdout }).toEqual({ code: 1, stdout: NOT_FOUND });
      expect(stderr).toMatch(/^docker-credential-icr: the token of the ibmcloud CLI has run out, [^\n]+\n$/);
      expect(stderr).toContain(problem);
      expect(stderr).toContain(WAY_OUT);
      expect(stderr).not.toContain(String(cli.read()['IAMRefreshToken']));
    }
    expect(cli.runs().length).toBe(mode === 'no CLI' ? 0 : 1);
    expect(readFileSync(cli.file)).toEqual(before);
    // The way out works at once.
    cli.setMode('normal');
    await cli.logIn(anna);
    expect(ownerOf(await get())).toBe(anna.iamId);
  });

  // The limit is the vitest timeout: a CLI that never ends must not hold clients up for longer.
  it('a CLI that hangs, deaf and with children, is given up on, and does not live on', {
    timeout: 15_000,
  }, async () => {
    const { cli, anna, get } = await start();
    await cli.logIn(anna, { age: EXPIRED });
    cli.setMode('hanging');
    const runs = await Promise.all([get(), get()]);
    for (const run of runs) {
      expect(run).toMatchObject({
        code: 1,
        stdout: NOT_FOUND,
        stderr: expect.stringContaining('gave no answer within 10 s'),
      });
    }
    expect(cli.runs()).toHaveLength(1);
    await until('the CLI is killed', () => !cli.isRunning());
  });

  it('makes room for what a client stored and what runs out', async () => {
    const { cli, iam, anna, env, get, helper } = await start();
    const berta = iam.addApiKey(addUser(iam, 'berta'));
    const token = credentialsOf(await helperOf({ ...env, ICR_API_KEY: berta }).get('us.icr.io'))?.Secret;
    await helper.store('us.icr.io', 'iambearer', token ?? '');
    await cli.logIn(anna);
    expect(ownerOf(await get())).toBe('IBMid-anna-of-the-cli');
    await cli.logIn(anna, { age: EXPIRED });
    cli.setMode('failing');
    expect(await get()).toMatchObject({ code: 0, stderr: '' });
    expect(ownerOf(await get())).toBe('IBMid-berta');
  });

  it.runIf(process.geteuid?.() === 0)('under another user’s files the CLI is not run', async () => {
    const { cli, anna, get } = await start();
    await cli.logIn(anna, { age: EXPIRED });
    chownSync(dirname(cli.file), 65534, 65534);
    expect(await get()).toMatchObject({
      code: 1,
      stdout: NOT_FOUND,
      stderr: expect.stringContaining('belongs to another user'),
    });
    expect(cli.runs()).toEqual([]);
  });
});

describe('what is the CLI’s stays the CLI’s', () => {
  it('no secret of ours in its environment, and nothing that makes it talk', async () => {
    const { cli, anna, env, home } = await start();
    // Of staging: production keys in the environment do not serve it.
    const changes = { IAMEndpoint: 'https://iam.test.cloud.ibm.com' };
    await cli.logIn(anna, { age: 58 * MINUTE, changes });
    cli.setMode('same token');
    const secret = 'a-secret-of-the-environment';
    const secrets = Object.fromEntries(
      [
        ...['ICR_API_KEY', 'ICR_STORE_PASSPHRASE', 'IBMCLOUD_API_KEY', 'IC_API_KEY', 'BLUEMIX_API_KEY'],
        ...['IBMCLOUD_CR_TOKEN', 'IAM_ENDPOINT', 'GITHUB_TOKEN', 'IBMCLOUD_TRACE', 'BLUEMIX_TRACE'],
      ].map((name) => [name, secret]),
    );
    const run = await helperOf({ ...env, ...secrets, LANG: 'de_DE.UTF-8' }).get('stg.icr.io');
    expect(ownerOf(run)).toBe(anna.iamId);
    const [{ env: seen, args } = { env: {} as Record<string, string>, args: [] }] = cli.runs();
    expect(JSON.stringify([seen, args])).not.toContain(secret);
    expect(seen).toMatchObject({
      HOME: home.folder,
      LANG: 'de_DE.UTF-8',
      SSL_CERT_FILE: env['SSL_CERT_FILE'],
      IBMCLOUD_CONFIG_HOME: dirname(cli.file),
      IBMCLOUD_COLOR: 'false',
      IBMCLOUD_VERSION_CHECK: 'false',
      IBMCLOUD_TRACE: 'false',
    });
  });

  it.skipIf(!hasStrace).each([
    ['alive', 0],
    ['run out', EXPIRED],
  ])('%s: our process opens its file for reading, and touches nothing else there', async (_, age) => {
    const { cli, anna, env, home } = await start();
    await cli.logIn(anna, { age });
    const log = join(home.folder, 'strace.log');
    const trace = ['-f', '-qq', '-y', '-e', 'trace=%file,%desc,flock,execve', '-s', '300', '-o', log];
    const digest = () => createHash('sha256').update(readFileSync(cli.file)).digest('hex');
    const before = digest();
    await succeed('/usr/bin/strace', [...trace, EXECUTABLE, 'get'], { env, input: 'us.icr.io' });
    const lines = ownLines(readFileSync(log, 'utf8'), EXECUTABLE);
    const opened = lines.filter((line) => /\bopen(at)?\(/.test(line) && line.includes('/.bluemix'));
    expect(opened.length).toBeGreaterThan(0);
    for (const line of opened) expect(line).toMatch(/config\.json", O_RDONLY/);
    const touched = lines.filter((line) => line.includes('/.bluemix') && !opened.includes(line));
    expect(touched.filter((line) => !HARMLESS.test(line))).toEqual([]);
    // The same trace does see the CLI write.
    const wrote = /\.bluemix\/config\.json", O_WRONLY\|O_CREAT\|O_TRUNC/.test(readFileSync(log, 'utf8'));
    expect([wrote, digest() !== before]).toEqual(age === 0 ? [false, false] : [true, true]);
  });
});

/** Asking about a file, reading and closing it; and the second half of a call whose first half has a line of its own. */
const HARMLESS =
  /\b(access|faccessat2?|stat|lstat|statx|newfstatat|fstat|readlink|read|pread64|close|lseek|fcntl|epoll_ctl|ioctl)\(|<\.\.\. \w+ resumed>/;

/** The lines of the processes and threads that run this program, up to another execve. */
function ownLines(trace: string, program: string): string[] {
  const others = new Set<string>();
  return trace.split('\n').filter((line) => {
    const [pid = ''] = line.split(' ');
    // A script's program is its interpreter, which is given its name.
    if (line.includes('execve(') && !line.includes(`"${program}"`)) others.add(pid);
    return !others.has(pid);
  });
}

describe('what people are told', () => {
  it('status says whose session answers, or is to be renewed first, and asks nobody', async () => {
    const { cli, iam, anna, env } = await start();
    for (const [age, words] of [
      [0, `answers with iambearer, anna-of-the-cli@example.com (user, account ${anna.account})`],
      [EXPIRED, 'anna-of-the-cli@example.com (user), ran out at 20'],
    ] as const) {
      await cli.logIn(anna, { age });
      const text = await runHelper(['status', 'us.icr.io'], { env });
      expect(text.stdout).toMatch(/^us\.icr\.io: the ibmcloud session,? /);
      expect(text.stdout).toContain(words);
      if (age > 0) expect(text.stdout).toMatch(/, to be renewed by \S+\/bin\/ibmcloud\n/);
      const json = await runHelper(['status', 'us.icr.io', '--json'], { env });
      expect(JSON.parse(json.stdout).registries[0]).toMatchObject({
        source: 'the ibmcloud session',
        identity: { kind: 'user', iamId: anna.iamId, account: anna.account },
      });
      expect(text.stdout + json.stdout).not.toContain('eyJ');
    }
    expect([cli.runs(), iam.exchanges]).toEqual([[], []]);
  });

  it('doctor says what the session is worth, or why there is none', async () => {
    const { cli, anna, env, home, url } = await start();
    const chain = async () => {
      const run = await runHelper(['doctor', 'us.icr.io', '--offline', '--json'], { env });
      expect(run.stdout).not.toContain('eyJ');
      const { findings } = JSON.parse(run.stdout);
      const found = findings.find(({ check }: { check: string }) => check === 'chain');
      const line = found.detail.split('\n').find((text: string) => text.startsWith('the ibmcloud session: '));
      return { ...found, line: line.slice('the ibmcloud session: '.length) };
    };
    expect((await chain()).line).toBe(`nothing, there is no ${cli.file}`);
    await cli.logIn(anna);
    expect(await chain()).toMatchObject({
      status: 'ok',
      title: 'the ibmcloud session answers for us.icr.io, as iambearer',
      line: expect.stringMatching(/^anna-of-the-cli@example\.com \(user\), alive until 20\S+Z$/),
    });
    await cli.logIn(anna, { age: EXPIRED });
    const stale = await chain();
    expect(stale.line).toMatch(/, ran out at 20\S+Z, to be renewed by \S+\/bin\/ibmcloud$/);
    expect(stale.title).toBe(`the ibmcloud session comes first for us.icr.io: ${stale.line}`);
    chmodSync(cli.program, 0o644);
    expect(await chain()).toMatchObject({
      status: 'warning',
      line: expect.stringMatching(/and ibmcloud, which could renew it, is not found$/),
      hint: WAY_OUT,
    });
    await cli.logIn(anna, { changes: { IAMEndpoint: 'https://iam.example' } });
    expect((await chain()).line).toContain('of an IAM that is neither IBM');
    await cli.logIn(anna, { changes: { IAMToken: '', IAMRefreshToken: '' } });
    expect((await chain()).line).toBe(`the CLI is logged out (${cli.file})`);
    writeFileSync(cli.file, '{');
    expect((await chain()).line).toBe(`nothing, ${cli.file} is not JSON`);
    writeFileSync(cli.file, ' '.repeat(300 * 1024));
    expect((await chain()).line).toContain('is larger than 256 KiB');
    home.configure({ iamEndpoint: url, ibmcloudSession: false });
    expect((await chain()).line).toBe('left alone, because ibmcloudSession is false');
    mkdirSync(join(home.folder, '.ibmcloud'));
    home.configure({ iamEndpoint: url });
    expect((await chain()).line).toContain('.ibmcloud/config.json');
  });

  it('doctor goes on to the next where the session has lapsed, as get does', async () => {
    const { cli, iam, anna, env, get, helper } = await start();
    const berta = iam.addApiKey(addUser(iam, 'berta'));
    const bearer = credentialsOf(await helperOf({ ...env, ICR_API_KEY: berta }).get('us.icr.io'))?.Secret;
    cli.setMode('failing');
    await cli.logIn(anna, { age: EXPIRED });
    const lapsed = expect.stringMatching(/^the token of the ibmcloud CLI has run out, and .* failed \(1\)/);
    expect(await exchange(env)).toMatchObject([{ status: 'failure', title: lapsed, hint: WAY_OUT }]);
    await cli.logIn(anna, { changes: { IAMToken: '', IAMRefreshToken: '' } });
    await helper.store('us.icr.io', 'iambearer', bearer ?? '');
    await cli.logIn(anna, { age: EXPIRED });
    expect(ownerOf(await get())).toBe('IBMid-berta');
    expect(await exchange(env)).toMatchObject([
      { status: 'warning', title: lapsed, hint: WAY_OUT },
      { status: 'skipped', title: 'nothing to exchange: iambearer is handed out as it is stored' },
    ]);
  });

  it('doctor gives the CLI the time that get gives it, names it, and leaves none behind', async () => {
    const { cli, anna, env } = await start();
    await cli.logIn(anna, { age: EXPIRED });
    cli.setMode('hanging');
    expect(await exchange(env)).toMatchObject([
      {
        status: 'failure',
        title: expect.stringMatching(/ibmcloud gave no answer within 10 s$/),
        hint: WAY_OUT,
      },
    ]);
    await until('the CLI is killed', () => !cli.isRunning());
  });
});

/** What doctor finds of the exchange; the local IAM is reached, the real registry never. */
async function exchange(env: Record<string, string>) {
  const surroundings = { ...env, ...NO_REGISTRY };
  const run = await runHelper(['doctor', 'us.icr.io', '--json'], { env: surroundings });
  return JSON.parse(run.stdout).findings.filter(({ check }: { check: string }) => check === 'exchange');
}
