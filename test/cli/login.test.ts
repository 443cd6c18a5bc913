import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ownerOf } from '../support/claims.ts';
import { credentialsOf, EXECUTABLE, helperOf, runHelper } from '../support/executable.ts';
import { addUser, startLocalIam } from '../support/local-iam.ts';
import { makeHome } from '../support/test-home.ts';
import { typeAt } from '../support/typing.ts';

const whoAnswers = async (env: Record<string, string>, server: string) =>
  ownerOf(await helperOf(env).get(server));

describe('login', () => {
  it('takes the key from stdin, checks it, says whose it is, and serves every ICR host with that one exchange', async () => {
    const { iam, env, apiKey } = await startLocalIam();
    const run = await runHelper(['login', '--apikey-stdin'], { env, input: `${apiKey}\n` });
    expect(run).toMatchObject({ code: 0 });
    expect(run.stdout).toMatch(/^Logged in as anna@example.com, user of account \w+ \(IBMid-anna\)\n/);
    expect(run.stdout + run.stderr).not.toContain(apiKey);
    for (const server of ['us.icr.io', 'private.de.icr.io', 'icr.io', 'zz9.icr.io']) {
      expect(await whoAnswers(env, server)).toBe('IBMid-anna');
    }
    expect(iam.tokenRequests()).toBe(1);
    expect(JSON.parse((await helperOf(env).list()).stdout)).toMatchObject({
      'us.icr.io': 'iamapikey',
      'private.jp2.icr.io': 'iamapikey',
    });
  });

  it('asks at the terminal without showing what is typed', async () => {
    const { env, home, apiKey } = await startLocalIam();
    const dialogue = [
      ['IBM Cloud API key: ', `${apiKey}\r`],
      ['Configure the clients', 'n\r'],
    ] as const;
    const run = await typeAt(`${EXECUTABLE} login`, dialogue, { ...env, TERM: 'xterm' });
    expect(run).toMatchObject({ code: 0, stdout: expect.stringContaining('Logged in') });
    expect(run.stdout).not.toContain(apiKey);
    expect(existsSync(join(home.folder, '.docker'))).toBe(false);
    expect(await whoAnswers(env, 'us.icr.io')).toBe('IBMid-anna');
  });

  it.each([
    ['Ctrl-C', '\u0003'],
    ['Ctrl-D', '\u0004'],
  ])('%s at the prompt leaves nothing behind', async (_, key) => {
    const { env, home } = await startLocalIam();
    const run = await typeAt(`${EXECUTABLE} login`, [['IBM Cloud API key: ', key]], {
      ...env,
      TERM: 'xterm',
    });
    expect(run.code).toBe(130);
    expect(existsSync(home.dataFolder)).toBe(false);
  });

  it('that is to read a pipe says so at a terminal, and nothing of clients', async () => {
    const { env } = makeHome();
    const { stdout } = await typeAt(`${EXECUTABLE} login --apikey-stdin`, [], { ...env, TERM: 'dumb' });
    expect(stdout).toMatch(
      /error: no input: the API key is expected on standard input\s+hint: pipe it in\s*$/,
    );
  });

  it('with a one-time code takes no empty input for one', async () => {
    const { env } = makeHome();
    expect(await runHelper(['login', '--passcode-stdin'], { env, input: '\n' })).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^error: standard input is empty\nhint: /),
    });
  });

  it.each(['plain', 'JSON'])('takes it from a file, %s', async (form) => {
    const { env, home, apiKey } = await startLocalIam();
    const file = join(home.folder, 'key');
    writeFileSync(file, form === 'plain' ? `${apiKey}\n` : JSON.stringify({ name: 'n', apikey: apiKey }), {
      mode: 0o600,
    });
    expect((await runHelper(['login', '--apikey-file', file], { env })).code).toBe(0);
    expect(await whoAnswers(env, 'us.icr.io')).toBe('IBMid-anna');
  });

  it.each([
    [
      'a key that IAM does not know',
      ['--apikey-stdin'],
      'x'.repeat(44),
      'Provided API key could not be found',
    ],
    ['no key', ['--apikey-stdin'], '', 'standard input is empty'],
    ['a key as argument', ['k'.repeat(44)], '', 'does not belong on the command line'],
    [
      'a foreign registry',
      ['--apikey-stdin', '--registry', 'docker.io'],
      'x'.repeat(44),
      'is not a registry of IBM Cloud',
    ],
    ['a bad profile', ['--apikey-stdin', '--profile', '../x'], 'x'.repeat(44), 'is not a name of a profile'],
    ['no terminal', [], '', 'there is no terminal to ask at'],
  ])('%s: an error with a hint, and nothing is stored', async (_, args, input, problem) => {
    const { env, home } = await startLocalIam();
    const run = await runHelper(['login', ...args], { env, input });
    expect(run).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining(problem) });
    expect(run.stderr).toMatch(/^error: .*\nhint: .*\n$/);
    expect(run.stderr).not.toContain('kkkk');
    expect(existsSync(home.dataFolder)).toBe(false);
  });

  it('an unknown option is exit code 2', async () => {
    const { env } = await startLocalIam();
    expect(await runHelper(['login', '--apikey-sdin'], { env })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--apikey-stdin'),
    });
  });

  it('for a registry, a namespace, a profile: the most precise one answers', async () => {
    const { iam, url, env, home, apiKey } = await startLocalIam();
    const login = async (name: string, ...args: string[]) => {
      const input = iam.addApiKey(addUser(iam, name));
      expect(await runHelper(['login', '--apikey-stdin', ...args], { env, input })).toMatchObject({
        code: 0,
      });
    };
    expect(await runHelper(['login', '--apikey-stdin'], { env, input: apiKey })).toMatchObject({ code: 0 });
    await login('berta', '--registry', 'us.icr.io');
    await login('carla', '--registry', 'us.icr.io/team');
    await login('dora', '--profile', 'work');
    home.configure({
      iamEndpoint: url,
      registries: { 'de.icr.io': { profile: 'work' }, 'uk.icr.io/team': { profile: 'work' } },
    });
    for (const [server, owner] of [
      ['jp.icr.io', 'anna'],
      ['us.icr.io', 'berta'],
      ['us.icr.io/team/app', 'carla'],
      ['us.icr.io/team', 'carla'],
      ['us.icr.io/teams/app', 'berta'],
      ['de.icr.io', 'dora'],
      ['uk.icr.io', 'anna'],
      ['uk.icr.io/team/app', 'dora'],
    ] as const) {
      expect([server, await whoAnswers(env, server)]).toEqual([server, `IBMid-${owner}`]);
    }
    expect(await whoAnswers({ ...env, ICR_PROFILE: 'work' }, 'us.icr.io')).toBe('IBMid-dora');
    const missing = await helperOf({ ...env, ICR_PROFILE: 'nobody' }).get('us.icr.io');
    expect(missing).toMatchObject({ code: 1, stdout: expect.stringContaining('login --profile nobody') });
  });

  it('serves again what was logged out', async () => {
    const { env, apiKey } = await startLocalIam();
    await helperOf(env).erase('us.icr.io');
    await runHelper(['login', '--apikey-stdin'], { env, input: apiKey });
    expect(await whoAnswers(env, 'us.icr.io')).toBe('IBMid-anna');
    await helperOf(env).erase('us.icr.io');
    expect(await whoAnswers(env, 'us.icr.io')).toBeNull();
    expect(await whoAnswers(env, 'de.icr.io')).toBe('IBMid-anna');
    expect(JSON.parse((await helperOf(env).list()).stdout)).not.toHaveProperty('us.icr.io');
  });

  it('for a profile serves again what the settings give to it, and nothing else', async () => {
    const { url, env, home, apiKey } = await startLocalIam();
    home.configure({
      iamEndpoint: url,
      registries: { 'us.icr.io': { profile: 'work' }, 'uk.icr.io/team': { profile: 'work' } },
    });
    const login = () => runHelper(['login', '--apikey-stdin', '--profile', 'work'], { env, input: apiKey });
    await login();
    await runHelper(['logout', 'us.icr.io', 'uk.icr.io/team', 'de.icr.io'], { env });
    expect(await whoAnswers(env, 'us.icr.io')).toBeNull();
    await login();
    expect(await whoAnswers(env, 'us.icr.io')).toBe('IBMid-anna');
    expect(await whoAnswers(env, 'uk.icr.io/team/app')).toBe('IBMid-anna');
    expect(await whoAnswers({ ...env, IBMCLOUD_API_KEY: apiKey }, 'de.icr.io')).toBeNull();
  });

  it('says that a variable goes before it', async () => {
    const { env, apiKey } = await startLocalIam();
    const run = await runHelper(['login', '--apikey-stdin'], {
      env: { ...env, ICR_API_KEY: 'x'.repeat(44) },
      input: apiKey,
    });
    expect(run).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('ICR_API_KEY is set and goes before this login'),
    });
  });
});

describe('logout', () => {
  it('deletes secret and tokens, and says so', async () => {
    const { env, home, apiKey } = await startLocalIam();
    await runHelper(['login', '--apikey-stdin'], { env, input: apiKey });
    const run = await runHelper(['logout'], { env });
    expect(run).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Deleted the login iamapikey of the profile default'),
    });
    expect(run.stdout).toContain('live on until they expire');
    expect(await whoAnswers(env, 'us.icr.io')).toBeNull();
    expect(readdirSync(join(home.dataFolder, 'secrets'))).toEqual([]);
    expect(readdirSync(home.cacheFolder).filter((name) => name.endsWith('.token'))).toEqual([]);
    expect(await runHelper(['logout'], { env })).toMatchObject({
      code: 0,
      stdout: 'There was no login to delete\n',
    });
  });

  it('says which logins remain, and how to delete them', async () => {
    const { env, apiKey } = await startLocalIam();
    const login = (...args: string[]) =>
      runHelper(['login', '--apikey-stdin', ...args], { env, input: apiKey });
    await login('--registry', 'us.icr.io');
    await login('--profile', 'work');
    const { code, stdout } = await runHelper(['logout'], { env });
    expect({ code, lines: stdout.split('\n') }).toEqual({
      code: 0,
      lines: [
        'There was no login to delete',
        'There are logins for us.icr.io, the profile work',
        'To delete one: logout HOST, or logout --profile NAME; all of them: logout --all',
        '',
      ],
    });
    expect(await runHelper(['logout', '--profile', 'wrok'], { env })).toEqual({
      code: 1,
      stdout: '',
      stderr: 'error: there is no login for the profile wrok\nhint: there is one for work\n',
    });
  });

  it('of what is no registry of ICR fails before it deletes anything', async () => {
    const { env, apiKey } = await startLocalIam();
    await helperOf(env).store('us.icr.io', 'iamapikey', apiKey);
    expect(await runHelper(['logout', 'us.icr.io', 'us.icr.com'], { env })).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('us.icr.com is not a registry of IBM Cloud Container Registry'),
    });
    expect(await whoAnswers(env, 'us.icr.io')).toBe('IBMid-anna');
  });

  it('with nothing stored says so once; configure lifts it, of a namespace too', async () => {
    const { env, apiKey } = await startLocalIam();
    const ambient = { ...env, IBMCLOUD_API_KEY: apiKey };
    for (const name of ['de.icr.io', 'de.icr.io/team']) {
      expect((await runHelper(['logout', name], { env })).stdout).toBe(
        `Nothing answers for ${name} until the next login, or docker-credential-icr configure de.icr.io (nothing was stored for it)\n`,
      );
    }
    expect(await whoAnswers(ambient, 'de.icr.io/team/app')).toBeNull();
    await runHelper(['configure', 'de.icr.io'], { env: ambient });
    expect(await whoAnswers(ambient, 'de.icr.io/team/app')).toBe('IBMid-anna');
  });

  it('--all leaves no login and no key', async () => {
    const { env, home, apiKey } = await startLocalIam();
    await runHelper(['login', '--apikey-stdin'], { env, input: apiKey });
    await helperOf(env).store('us.icr.io', 'iamapikey', apiKey);
    await helperOf(env).store('r.example', 'anna', 'secret');
    expect(await runHelper(['logout', '--all'], { env })).toMatchObject({ code: 0 });
    expect(await helperOf(env).list()).toMatchObject({ stdout: '{}\n' });
    expect(existsSync(join(home.folder, '.local/state/docker-credential-icr/store-key'))).toBe(false);
    expect(existsSync(join(home.cacheFolder, 'key'))).toBe(false);
  });

  it('ends a session at IAM', async () => {
    const { iam, env, apiKey } = await startLocalIam();
    const given = helperOf({ ...env, ICR_API_KEY: apiKey, ICR_CREDENTIAL_KIND: 'iamrefresh' });
    const session = credentialsOf(await given.get('us.icr.io'))?.Secret ?? '';
    await helperOf(env).store('us.icr.io', 'iamrefresh', session);
    expect(await runHelper(['logout', '--registry', 'us.icr.io'], { env })).toMatchObject({
      code: 0,
      stderr: '',
    });
    expect(iam.exchanges.at(-1)).toMatchObject({ path: '/identity/revoke', status: 200 });
    await helperOf(env).store('us.icr.io', 'iamrefresh', session);
    expect(await helperOf(env).get('us.icr.io')).toMatchObject({ code: 1 });
  });
});

describe('status', () => {
  it('says who answers, what comes later, and where things lie, without asking anybody or showing a secret', async () => {
    const { iam, env, home, apiKey } = await startLocalIam();
    await runHelper(['login', '--apikey-stdin'], { env, input: apiKey });
    await helperOf(env).store('us.icr.io', 'somebody', 'a secret word');
    await helperOf(env).store('r.example', 'anna', 'a secret word');
    iam.reset();
    const variables = { ...env, IBMCLOUD_API_KEY: 'x'.repeat(44) };
    const run = await runHelper(['status', '--json'], { env: variables });
    const report = JSON.parse(run.stdout);
    const byName = Object.fromEntries(
      report.registries.map((status: { registry: string }) => [status.registry, status]),
    );
    expect(byName['us.icr.io']).toMatchObject({
      source: 'the stored login',
      kind: 'as stored',
      username: 'somebody',
      shadowed: ['your login', 'the environment (IBMCLOUD_API_KEY)'],
    });
    expect(byName['de.icr.io']).toMatchObject({
      source: 'your login',
      kind: 'iambearer',
      identity: { kind: 'user', name: 'anna@example.com', iamId: 'IBMid-anna' },
      cachedUntil: expect.stringMatching(/^\d{4}-/),
    });
    expect(report.others).toEqual(['r.example']);
    expect(report.places).toMatchObject({ records: home.dataFolder, cache: home.cacheFolder });
    const text = await runHelper(['status'], { env: variables });
    expect(text).toMatchObject({ code: 0, stderr: '' });
    for (const secret of [apiKey, 'a secret word', 'x'.repeat(44), 'eyJ'])
      expect(run.stdout + text.stdout).not.toContain(secret);
    expect(iam.exchanges).toEqual([]);
  });

  it('names what is broken', async () => {
    const { env } = await startLocalIam();
    const run = await runHelper(['status', 'us.icr.io', 'docker.io'], {
      env: { ...env, ICR_API_KEY_FILE: '/nonexistent' },
    });
    expect(run.stdout).toContain(
      'us.icr.io: the environment (ICR_API_KEY_FILE) is broken: ICR_API_KEY_FILE names /nonexistent, which does not exist; correct or unset it',
    );
    expect(run.stdout).toContain('docker.io: not an ICR host');
  });
});

describe('a login for a profile', () => {
  it('says of what is no name of one what it is, but not where it may be a key', async () => {
    const { env } = makeHome();
    const errorOf = async (name: string) =>
      (await runHelper(['login', '--apikey-stdin', '--profile', name], { env })).stderr.split('\n')[0];
    expect(await errorOf('Work')).toBe('error: --profile: "Work" is not a name of a profile');
    expect(await errorOf('K'.repeat(44))).toBe(
      'error: --profile: a word of 44 letters is not a name of a profile',
    );
  });

  it('that no registry uses is pointed out, with what makes one use it', async () => {
    const { env, apiKey } = await startLocalIam();
    const login = () => runHelper(['login', '--apikey-stdin', '--profile', 'work'], { env, input: apiKey });
    expect((await login()).stderr).toContain(
      'run docker-credential-icr config set registries.us.icr.io.profile work, or set ICR_PROFILE=work\n',
    );
    const status = async () => ({
      text: (await runHelper(['status'], { env })).stdout,
      json: JSON.parse((await runHelper(['status', '--json'], { env })).stdout).unusedProfiles,
    });
    const unused = await status();
    expect(unused.text).toContain('\nprofile work: stored, no registry uses it\n');
    expect(unused.json).toEqual(['work']);
    await runHelper(['config', 'set', 'registries.us.icr.io.profile', 'work'], { env });
    const used = await status();
    expect(used.text).not.toContain('no registry uses it');
    expect(used.json).toEqual([]);
    expect((await login()).stderr).not.toContain('No registry uses');
  });
});

describe('status says what get would', () => {
  const lineOf = async (env: Record<string, string>, registry: string) => {
    const { stdout } = await runHelper(['status'], { env });
    return stdout.split('\n').find((line) => line.startsWith(`${registry}: `));
  };

  it('says once of cached tokens that they are renewed', async () => {
    const { env, apiKey } = await startLocalIam();
    const renewed = async () =>
      (await runHelper(['status'], { env })).stdout.match(/^A cached token is renewed by itself/gm) ?? [];
    expect(await renewed()).toHaveLength(0);
    await runHelper(['login', '--apikey-stdin'], { env, input: apiKey });
    expect(await renewed()).toHaveLength(1);
  });

  it('without any login: run login', async () => {
    const { env } = makeHome();
    expect(await lineOf(env, 'us.icr.io')).toBe(
      'us.icr.io: no login, no variable, no session; run docker-credential-icr login',
    );
  });

  it('of namespaces that only the settings name', async () => {
    const home = makeHome();
    home.configure({
      registries: { 'us.icr.io/team': { profile: 'ci' }, 'quay.io': { profile: 'ci' } },
      profiles: { ci: { computeIdentity: 'container', trustedProfile: `Profile-${ID}` } },
    });
    expect(await lineOf(home.env, 'us.icr.io/team')).toMatch(
      /^us\.icr\.io\/team: the login of profile ci is broken: there is no compute resource token .*; mount a service account/,
    );
    expect(await lineOf(home.env, 'quay.io')).toBeUndefined();
  });

  it('of what is broken but comes later', async () => {
    const { env } = makeHome({ ICR_API_KEY: 'x'.repeat(44), IBMCLOUD_API_KEY: '{key}' });
    const { stdout } = await runHelper(['status', 'us.icr.io'], { env });
    expect(stdout).toContain(
      '  also there, but after it: the environment (IBMCLOUD_API_KEY) (broken: IBMCLOUD_API_KEY does not hold an IBM Cloud API key)\n',
    );
  });

  it('of wrong settings, once', async () => {
    const home = makeHome();
    await helperOf(home.env).store('us.icr.io', 'somebody', 'word');
    home.configure({ store: 'disk' });
    const { stdout } = await runHelper(['status'], { env: home.env });
    expect(stdout.match(/store is "disk"/g)).toHaveLength(1);
    expect(stdout).toMatch(/^wrong: the settings file .*; correct it or remove it\n/);
    expect(stdout).toContain('us.icr.io: nothing answers while the settings are wrong\n');
    const report = JSON.parse((await runHelper(['status', '--json'], { env: home.env })).stdout);
    expect(report.problem).toMatchObject({ message: expect.stringContaining('store is "disk"') });
  });
});

const ID = '11111111-2222-3333-4444-555555555555';

describe('--apikey-file says what is wrong with the file', () => {
  it.each([
    ['empty', '', 'which is empty', 'name another file'],
    ['JSON of something else', '{"key":"kkkk"}', 'has no apikey', 'ibmcloud iam api-key-create'],
    ['half a JSON', '{"apikey":"kkkk', 'is no sound JSON', 'ibmcloud iam api-key-create'],
    ['a folder', null, 'which is a folder', 'name another file'],
    ['nothing', undefined, 'which does not exist', 'name another file'],
  ])('%s', async (_, content, problem, hint) => {
    const { env, folder } = makeHome();
    const path = join(folder, 'key-file');
    if (content === null) mkdirSync(path);
    else if (content !== undefined) writeFileSync(path, content, { mode: 0o600 });
    const run = await runHelper(['login', '--apikey-file', path], { env });
    expect(run).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining(problem) });
    expect(run.stderr.split('\n')[1]).toContain(hint);
    expect(run.stderr).not.toContain('kkkk');
  });
});

describe('what newcomers stumbled over', () => {
  it('logout --all forgets where new secrets were to go', async () => {
    const { env, home, apiKey } = await startLocalIam();
    mkdirSync(home.dataFolder, { recursive: true, mode: 0o700 });
    writeFileSync(join(home.dataFolder, 'store'), 'keychain\n', { mode: 0o600 });
    const login = () => runHelper(['login', '--apikey-stdin'], { env, input: apiKey });
    // There is no keychain here.
    expect(await login()).toMatchObject({ code: 1, stderr: expect.stringContaining('the keychain cannot') });
    expect(await runHelper(['logout', '--all'], { env })).toMatchObject({ code: 0 });
    expect(await login()).toMatchObject({ code: 0 });
  });

  it('a logout of a registry says that nothing answers; --all leaves nothing that does so', async () => {
    const { env, apiKey } = await startLocalIam();
    const out = await runHelper(['logout', 'us.icr.io'], { env });
    expect(out.stdout).toContain('Nothing answers for us.icr.io until the next login');
    const ambient = { ...env, IBMCLOUD_API_KEY: apiKey };
    expect(await whoAnswers(ambient, 'us.icr.io')).toBeNull();
    await runHelper(['logout', '--all'], { env });
    expect(await whoAnswers(ambient, 'us.icr.io')).toBe('IBMid-anna');
  });

  it('a key given as --apikey=KEY is refused and not repeated', async () => {
    const { env } = await startLocalIam();
    const run = await runHelper(['login', `--apikey=${'k'.repeat(44)}`], { env });
    expect(run).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('does not belong on the command line'),
    });
    expect(run.stdout + run.stderr).not.toContain('kkkk');
  });
});
