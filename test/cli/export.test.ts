import { spawnSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ICR_HOSTS } from '../../src/registry-host.ts';
import { claimsOf } from '../support/claims.ts';
import { EXECUTABLE, helperOf, runHelper } from '../support/executable.ts';
import { addUser, startLocalIam } from '../support/local-iam.ts';
import { command, succeed } from '../support/processes.ts';
import { makeHome } from '../support/test-home.ts';
import { typeAt } from '../support/typing.ts';
import { parseYaml } from '../support/yaml.ts';

const exporting = (env: Record<string, string>, ...args: string[]) => runHelper(['export', ...args], { env });

/** IAM, and a home with one key for everything. */
async function loggedIn() {
  const local = await startLocalIam();
  await runHelper(['login', '--apikey-stdin'], { env: local.env, input: local.apiKey });
  local.iam.reset();
  return local;
}

/** A home where a key in the environment answers; nobody is asked for it. */
function homeWithKey(key = KEY) {
  const home = makeHome();
  return { home, env: { ...home.env, ICR_API_KEY: key } };
}

const KEY = 'k'.repeat(44);
const entry = (username: string, password: string) => ({
  username,
  password,
  auth: Buffer.from(`${username}:${password}`).toString('base64'),
});
const decoded = (base64: string) => JSON.parse(Buffer.from(base64, 'base64').toString());

describe('where the login is used at once', () => {
  it('skopeo gets user:password, a token, and the person is told how long it lives', async () => {
    const { iam, env, apiKey } = await loggedIn();
    const run = await exporting(env, 'skopeo', '--registry', 'us.icr.io');
    const [username, token = ''] = run.stdout.trimEnd().split(':');
    expect(username).toBe('iambearer');
    expect(claimsOf(token)['iam_id']).toBe('IBMid-anna');
    expect(run.stderr).toMatch(
      /^us\.icr\.io: iambearer, good for (?:59|60) minutes, until \d{4}-[\d-]+T[\d:]+Z\n$/,
    );
    const key = await exporting(env, 'skopeo', '--registry', 'us.icr.io', '--kind', 'iamapikey');
    expect(key).toEqual({
      code: 0,
      stdout: `iamapikey:${apiKey}\n`,
      stderr: 'us.icr.io: iamapikey, good until the API key is deleted\n',
    });
    expect(iam.tokenRequests()).toBe(0);
    expect(
      (await exporting(env, 'skopeo', '--registry', 'us.icr.io', '--kind', 'iamrefresh')).stdout,
    ).toMatch(/^iamrefresh:\S+\n$/);
  });

  it('the settings choose the kind, as for get', async () => {
    const { env } = homeWithKey();
    const run = await exporting(
      { ...env, ICR_CREDENTIAL_KIND: 'iamapikey' },
      'skopeo',
      '--registry',
      'us.icr.io',
    );
    expect(run.stdout).toBe(`iamapikey:${KEY}\n`);
  });

  it('an auth file has all registries, with one exchange', async () => {
    const { iam, env, home } = await loggedIn();
    const file = join(home.folder, 'config.json');
    const run = await exporting(env, 'auth-file', '--all-regions', '--private', '--output', file);
    expect(run.stdout).toBe(`docker --config ${home.folder} pull IMAGE\n`);
    const { auths } = JSON.parse(readFileSync(file, 'utf8'));
    expect(Object.keys(auths).sort()).toEqual([...ICR_HOSTS].sort());
    for (const { username, password, auth } of Object.values<ReturnType<typeof entry>>(auths)) {
      expect({ username, password, auth }).toEqual(entry('iambearer', password));
      expect(claimsOf(password)['iam_id']).toBe('IBMid-anna');
    }
    expect(run.stderr).toContain('28 registries: iambearer, good for');
    expect(iam.tokenRequests()).toBe(0);
  });
});

describe('kubernetes', () => {
  const secret = (auths: object, metadata: object = {}) => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: 'icr-pull-secret',
      labels: { 'app.kubernetes.io/managed-by': 'docker-credential-icr' },
      ...metadata,
    },
    type: 'kubernetes.io/dockerconfigjson',
    data: { '.dockerconfigjson': Buffer.from(JSON.stringify({ auths })).toString('base64') },
  });

  it('a pull secret with the key', async () => {
    const { env } = homeWithKey();
    const yaml = await exporting(
      env,
      'kubernetes',
      '--registry',
      'us.icr.io',
      '--registry',
      'de.icr.io/team',
    );
    const auths = { 'us.icr.io': entry('iamapikey', KEY), 'de.icr.io/team': entry('iamapikey', KEY) };
    expect(await parseYaml(yaml.stdout)).toEqual([secret(auths)]);
    const json = await exporting(env, 'kubernetes', '--registry', 'us.icr.io', '--format', 'json');
    expect(JSON.parse(json.stdout)).toEqual(secret({ 'us.icr.io': entry('iamapikey', KEY) }));
  });

  it('every host, public and private, as the secret all-icr-io has them', async () => {
    const { env } = homeWithKey();
    const run = await exporting(env, 'kubernetes', '--all-regions', '--private', '--format', 'json');
    const { auths } = decoded(JSON.parse(run.stdout).data['.dockerconfigjson']);
    expect(Object.keys(auths).sort()).toEqual([...ICR_HOSTS].sort());
    const without = await exporting(env, 'kubernetes', '--all-regions', '--format', 'json');
    const names = Object.keys(decoded(JSON.parse(without.stdout).data['.dockerconfigjson']).auths);
    expect(names.sort()).toEqual(ICR_HOSTS.filter((name) => !name.startsWith('private.')).sort());
  });

  it('name, namespace and service account, as a second document', async () => {
    const { env } = homeWithKey();
    const args = ['--name', 'pull.icr', '--namespace', 'team-1', '--apply-to-service-account', 'default'];
    const expected = [
      secret({ 'us.icr.io': entry('iamapikey', KEY) }, { name: 'pull.icr', namespace: 'team-1' }),
      {
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: { name: 'default', namespace: 'team-1' },
        imagePullSecrets: [{ name: 'pull.icr' }],
      },
    ];
    const yaml = await exporting(env, 'kubernetes', '--registry', 'us.icr.io', ...args);
    expect(await parseYaml(yaml.stdout)).toEqual(expected);
    expect(yaml.stderr).toContain(
      'warning: when applied, this is the only pull secret of the service account default',
    );
    const json = await exporting(env, 'kubernetes', '--registry', 'us.icr.io', ...args, '--format', 'json');
    expect(JSON.parse(json.stdout)).toEqual({ apiVersion: 'v1', kind: 'List', items: expected });
  });
});

describe('IBM’s own', () => {
  it('code-engine: a password file, and commands that take it', async () => {
    const { home, env } = homeWithKey();
    const file = join(home.folder, "it's a key");
    const run = await exporting(
      env,
      'code-engine',
      '--registry',
      'us.icr.io/team',
      '--name',
      'my.icr',
      '--output',
      file,
    );
    expect(readFileSync(file, 'utf8')).toBe(`${KEY}\n`);
    const quoted = `'${home.folder}/it'\\''s a key'`;
    const options = `--name my.icr --server us.icr.io --username iamapikey --password-from-file ${quoted}`;
    expect(run.stdout.split('\n')).toEqual([
      `ibmcloud ce secret create --format registry ${options}`,
      expect.stringContaining(`ibmcloud ce registry create ${options}`),
      `rm ${quoted}`,
      '',
    ]);
    const piped = await exporting(env, 'code-engine', '--registry', 'us.icr.io', '--output', '-');
    expect(piped.stdout).toBe(`${KEY}\n`);
  });

  it.each([KEY, `'"$(id>ran)\`id>ran\`#;&|<>*?~!\\k`])(
    'cloud-foundry: a line that a shell reads: %s',
    async (key) => {
      const { home, env } = homeWithKey(key);
      const file = join(home.folder, 'cf env');
      const run = await exporting(env, 'cloud-foundry', '--registry', 'us.icr.io', '--output', file);
      expect(run.stdout).toBe(
        `(set -a; . '${file}'; ibmcloud cf push APP -o IMAGE --docker-username iamapikey)\n`,
      );
      const script = `set -a; . '${file}'; printenv CF_DOCKER_PASSWORD`;
      const shell = await succeed('/bin/sh', ['-c', script], { env: home.env, cwd: home.folder });
      expect(shell.stdout).toBe(`${key}\n`);
      const line = (await exporting(env, 'cloud-foundry', '--registry', 'us.icr.io')).stdout;
      expect(line).toBe(readFileSync(file, 'utf8'));
      expect(line.startsWith('CF_DOCKER_PASSWORD=')).toBe(true);
      expect(readdirSync(home.folder)).not.toContain('ran');
    },
  );
});

describe('other registries', () => {
  it.each([
    ['https://index.docker.io/v1/', 'docker.io'],
    ['docker.io', 'https://index.docker.io/v1/'],
    ['https://index.docker.io/v1/', 'registry-1.docker.io'],
    ['index.docker.io', 'index.docker.io'],
  ])('Docker Hub, kept as %s and asked for as %s', async (kept, asked) => {
    const { env } = makeHome();
    await helperOf(env).store(kept, 'anna', 'hub-token');
    const run = await exporting(env, 'kubernetes', '--registry', asked, '--format', 'json');
    expect(decoded(JSON.parse(run.stdout).data['.dockerconfigjson'])).toEqual({
      auths: { 'https://index.docker.io/v1/': entry('anna', 'hub-token') },
    });
    const file = join(env['HOME'] ?? '', 'password');
    const codeEngine = await exporting(env, 'code-engine', '--registry', asked, '--output', file);
    expect(codeEngine.stdout).toContain('--server https://index.docker.io/v1/ --username anna ');
  });

  it('beside ICR, in one file', async () => {
    const { env } = homeWithKey();
    await helperOf(env).store('registry.example:5000', 'anna', 'a word');
    const run = await exporting(
      env,
      'auth-file',
      '--kind',
      'iamapikey',
      '--registry',
      'registry.example:5000',
      '--registry',
      'us.icr.io',
    );
    expect(JSON.parse(run.stdout)).toEqual({
      auths: { 'registry.example:5000': entry('anna', 'a word'), 'us.icr.io': entry('iamapikey', KEY) },
    });
  });

  it('with every blank of the password, on standard output too', async () => {
    const { env } = makeHome();
    await helperOf(env).store('registry.example', 'anna', 'two words ');
    const { stdout } = await exporting(env, 'skopeo', '--registry', 'registry.example');
    expect(stdout).toBe('anna:two words \n');
  });

  it.each([
    ['a:b', 'sesame'],
    ['anna', 'two\nlines'],
  ])('what does not fit into user:password is refused: %j', async (username, secret) => {
    const { env } = makeHome();
    await helperOf(env).store('registry.example', username, secret);
    const run = await exporting(env, 'skopeo', '--registry', 'registry.example');
    expect(run).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^error: .*\nhint: .*\n$/),
    });
    expect(run.stderr).not.toContain(secret);
  });
});

describe('whose login', () => {
  it('that of a profile, whoever else would answer, and of a namespace', async () => {
    const { iam, env, apiKey } = await loggedIn();
    const robot = iam.addApiKey(iam.addServiceId({ name: 'cluster' }));
    const carla = iam.addApiKey(addUser(iam, 'carla'));
    await runHelper(['login', '--apikey-stdin', '--profile', 'cluster'], { env, input: robot });
    await runHelper(['login', '--apikey-stdin', '--registry', 'us.icr.io/team'], { env, input: carla });
    const passwordOf = async (...args: string[]) =>
      (
        await exporting({ ...env, ICR_API_KEY: KEY, ICR_PROFILE: 'default' }, 'code-engine', ...args)
      ).stdout.trim();
    expect(await passwordOf('--registry', 'us.icr.io', '--profile', 'cluster')).toBe(robot);
    const { stdout } = await exporting(env, 'code-engine', '--registry', 'us.icr.io/team');
    expect(stdout.trim()).toBe(carla);
    expect((await exporting(env, 'code-engine', '--registry', 'us.icr.io')).stdout.trim()).toBe(apiKey);
  });

  it('a session has no key: what to do instead is said, and a token is there if it may expire', async () => {
    const { env, apiKey } = await startLocalIam();
    const given = await exporting(
      { ...env, ICR_API_KEY: apiKey },
      'skopeo',
      '--registry',
      'us.icr.io',
      '--kind',
      'iamrefresh',
    );
    await helperOf(env).store('us.icr.io', 'iamrefresh', given.stdout.trim().slice('iamrefresh:'.length));
    const refused = await exporting(env, 'kubernetes', '--registry', 'us.icr.io');
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toMatch(
      /is answered by a session.*\nhint: .*API key of a service ID.*--kind iambearer --allow-expiring/,
    );
    const token = ['kubernetes', '--registry', 'us.icr.io', '--kind', 'iambearer'];
    // What replaces files is no consent to this.
    expect((await exporting(env, ...token, '--force')).stderr).toContain('add --allow-expiring');
    const allowed = await exporting(env, ...token, '--allow-expiring');
    expect(allowed).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('warning: a Kubernetes secret stays'),
    });
    expect(allowed.stdout).toContain('.dockerconfigjson');
  });

  it.each(['iambearer', '<token>'])('what a client stored as %s is not kept anywhere', async (username) => {
    const { env, apiKey } = await startLocalIam();
    const { stdout } = await exporting({ ...env, ICR_API_KEY: apiKey }, 'skopeo', '--registry', 'us.icr.io');
    await helperOf(env).store('us.icr.io', username, stdout.trim().slice('iambearer:'.length));
    const run = await exporting(env, 'code-engine', '--registry', 'us.icr.io');
    expect(run).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^error: .*\nhint: .*\n$/),
    });
    expect(run.stderr).not.toContain('eyJ');
  });

  it('a region that was logged out is left out, and named', async () => {
    const { env } = await loggedIn();
    await helperOf(env).erase('jp.icr.io');
    const run = await exporting(env, 'auth-file', '--all-regions');
    expect(JSON.parse(run.stdout).auths).not.toHaveProperty('jp.icr.io');
    expect(JSON.parse(run.stdout).auths).toHaveProperty('jp2.icr.io');
    expect(run.stderr).toContain('warning: left out, because there is no login for them: jp.icr.io\n');
    expect(await exporting(env, 'auth-file', '--registry', 'jp.icr.io')).toMatchObject({
      code: 1,
      stdout: '',
    });
  });
});

describe('an API key that others will be able to read', () => {
  const KEEPING = ['kubernetes', 'code-engine', 'cloud-foundry'];
  const warningOf = async (env: Record<string, string>, consumer: string, ...args: string[]) => {
    const { code, stderr, stdout } = await exporting(env, consumer, '--registry', 'us.icr.io', ...args);
    expect({ code, isWarned: stdout.includes('warning') }).toEqual({ code: 0, isWarned: false });
    return stderr.split('\n').find((line) => line.startsWith('warning: '));
  };
  const ADVICE =
    'log in with the API key of a service ID (docker-credential-icr login --profile NAME) and add --profile NAME';

  it.each(KEEPING)('%s: is named where it is a person’s, with what to do', async (consumer) => {
    const { iam, env } = await loggedIn();
    const warning = await warningOf(env, consumer);
    expect(warning).toMatch(/ holds the API key of anna@example\.com: whoever .* all that this person may/);
    expect(warning).toContain(ADVICE);
    expect(iam.tokenRequests()).toBe(0);
    const robot = iam.addApiKey(iam.addServiceId({ name: 'robot' }));
    await runHelper(['login', '--apikey-stdin', '--profile', 'robot'], { env, input: robot });
    expect(await warningOf(env, consumer, '--profile', 'robot')).toBeUndefined();
  });

  it.each(KEEPING)('%s: of which nobody knows whose it is', async (consumer) => {
    const { env } = homeWithKey();
    const warning = await warningOf(env, consumer);
    expect(warning).toMatch(/ holds an API key: whoever .* all that its owner may; if that is a person/);
    expect(warning).toContain(ADVICE);
  });

  it('once for all registries, and not where it is used at once', async () => {
    const { env } = await loggedIn();
    const { stderr } = await exporting(env, 'kubernetes', '--all-regions', '--private');
    expect(stderr.match(/^warning: /gm)).toHaveLength(1);
    for (const consumer of ['skopeo', 'auth-file'])
      expect(await warningOf(env, consumer, '--kind', 'iamapikey')).toBeUndefined();
  });
});

describe('refused, without a secret read or a file written', () => {
  const US = ['--registry', 'us.icr.io'];
  it.each<[string[], string]>([
    [['skopeo'], 'no registry is named'],
    [['skopeo', '--registry', ''], 'no credentials server URL'],
    [['skopeo', '--registry', 'registry.example'], 'there is no login for registry.example'],
    [['skopeo', '--registry', 'us.icr.oi'], 'there is no login for us.icr.oi'],
    [['skopeo', '--all-regions'], 'is for one registry, and these are 14'],
    [['code-engine', ...US, '--private'], 'is for one registry, and these are 2'],
    [['cloud-foundry', ...US, '--registry', 'de.icr.io'], 'is for one registry, and these are 2'],
    [['skopeo', ...US, '--name', 'x'], '--name means nothing to export skopeo'],
    [['code-engine', ...US, '--namespace', 'x'], '--namespace means nothing to export code-engine'],
    [['auth-file', ...US, '--format', 'yaml'], '--format means nothing to export auth-file'],
    [['auth-file', ...US, '--profile', '../x'], '--profile: "../x" is not a name of a profile'],
    [
      ['auth-file', ...US, '--profile', 'nobody'],
      'there is no login for the profile nobody\nhint: run docker-credential-icr login --profile nobody',
    ],
    [['auth-file', ...US, '--output', ''], '--output is not the name of a file'],
    [['auth-file', ...US, '--output', 'a\nb'], '--output is not the name of a file'],
    [['auth-file', ...US, '--output', '/nowhere/at/all'], 'there is no folder /nowhere/at'],
    [['kubernetes', ...US, '--kind', 'iambearer'], 'iambearer runs out, while a Kubernetes secret stays'],
    [['code-engine', ...US, '--kind', 'iamrefresh'], 'iamrefresh runs out, while a Code Engine secret stays'],
    [
      ['cloud-foundry', ...US, '--kind', 'iambearer'],
      'iambearer runs out, while an app of Cloud Foundry stays',
    ],
  ])('%j: %s', async (args, problem) => {
    const { env } = homeWithKey();
    const kind =
      args.includes('--kind') || !['skopeo', 'auth-file'].includes(args[0] ?? '')
        ? []
        : ['--kind', 'iamapikey'];
    const run = await exporting(env, ...args, ...kind);
    expect(run).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining(problem) });
    expect(run.stderr).toMatch(/^error: .*\n(?:hint: .*\n)?$/);
    expect(run.stderr).not.toContain(KEY);
  });

  it.each([
    ['--kind', 'bearer'],
    ['--format', 'toml'],
    ['--nmae', 'x'],
  ])('%s %s: exit code 2', async (...args) => {
    const { env } = homeWithKey();
    expect(await exporting(env, 'kubernetes', ...US, ...args)).toMatchObject({ code: 2, stdout: '' });
  });

  it.each(['UPPER', 'under_score', '-x', 'x-', '.x', 'x.', 'x'.repeat(254), 'a: b', 'a"\nkind: Pod', ''])(
    'the name %j',
    async (name) => {
      const { env } = homeWithKey();
      for (const args of [
        ['kubernetes', `--name=${name}`],
        ['kubernetes', `--namespace=${name}`],
        ['kubernetes', `--apply-to-service-account=${name}`],
        ['code-engine', `--name=${name}`],
      ]) {
        const run = await exporting(env, ...US, ...args);
        expect(run).toMatchObject({
          code: 1,
          stdout: '',
          stderr: expect.stringMatching(/is not a name that \w+/),
        });
      }
    },
  );

  it.each<[string[], boolean]>([
    [['kubernetes', `--name=${'x'.repeat(253)}`], true],
    [['kubernetes', '--name=a.b-c.1'], true],
    [['kubernetes', '--name=a..b'], false],
    [['kubernetes', `--namespace=${'x'.repeat(63)}`], true],
    [['kubernetes', `--namespace=${'x'.repeat(64)}`], false],
    [['kubernetes', '--namespace=a.b'], false],
    [['code-engine', `--name=${'x'.repeat(253)}`], true],
    [['code-engine', '--name=1.a-b'], true],
  ])('names at the edge: %j %s', async (args, isGood) => {
    const { env } = homeWithKey();
    expect((await exporting(env, ...US, ...args)).code).toBe(isGood ? 0 : 1);
  });
});

describe('files', () => {
  const EXPORTS = ['skopeo', 'kubernetes', 'cloud-foundry', 'auth-file'];
  const args = (consumer: string, file: string) => [consumer, '--registry', 'us.icr.io', '--output', file];

  it.each(EXPORTS)(
    '%s: only the owner can read it, and the next export of the same takes its place',
    async (consumer) => {
      const { home, env } = homeWithKey();
      const file = join(home.folder, 'out');
      const kind = { ICR_CREDENTIAL_KIND: 'iamapikey' };
      expect(await exporting({ ...env, ...kind }, ...args(consumer, file))).toMatchObject({ code: 0 });
      expect(statSync(file).mode & 0o777).toBe(0o600);
      const before = readFileSync(file, 'utf8');
      const other = { ...env, ...kind, ICR_API_KEY: `${'n/+"&$1'.repeat(10)}n` };
      expect(await exporting(other, ...args(consumer, file))).toMatchObject({ code: 0 });
      expect(readFileSync(file, 'utf8')).not.toBe(before);
      expect(readdirSync(home.folder).filter((name) => name.includes('tmp'))).toEqual([]);
    },
  );

  it.each([...EXPORTS, 'code-engine'])(
    '%s: another’s file stays as it is, but for --force',
    async (consumer) => {
      const { home, env } = homeWithKey();
      const file = join(home.folder, 'out');
      const given = { ...env, ICR_CREDENTIAL_KIND: 'iamapikey' };
      const own = (await exporting(given, consumer, '--registry', 'us.icr.io')).stdout;
      for (const content of ['', 'a word\n', '{"auths": {}}\n', `${own}more: things\n`]) {
        writeFileSync(file, content, { mode: 0o644 });
        const run = await exporting(given, ...args(consumer, file));
        expect(run).toMatchObject({
          code: 1,
          stdout: '',
          stderr: expect.stringContaining('is there already'),
        });
        expect(readFileSync(file, 'utf8')).toBe(content);
      }
      expect(await exporting(given, ...args(consumer, file), '--allow-expiring')).toMatchObject({ code: 1 });
      expect(await exporting(given, ...args(consumer, file), '--force')).toMatchObject({ code: 0 });
      expect(readFileSync(file, 'utf8')).toBe(own);
      expect(statSync(file).mode & 0o777).toBe(0o600);
    },
  );

  it('a link, a folder, a pipe: never, and nothing behind it changes', async () => {
    const { home, env } = homeWithKey();
    const at = (name: string) => join(home.folder, name);
    writeFileSync(at('target'), 'precious');
    symlinkSync(at('target'), at('link'));
    symlinkSync(at('nowhere'), at('dangling'));
    mkdirSync(at('folder'));
    spawnSync('mkfifo', [at('pipe')]);
    for (const name of ['link', 'dangling', 'folder', 'pipe']) {
      const run = await exporting(env, ...args('kubernetes', at(name)), '--force');
      expect(run).toMatchObject({ code: 1, stderr: expect.stringContaining('is not a plain file') });
    }
    expect(readFileSync(at('target'), 'utf8')).toBe('precious');
    expect(lstatSync(at('link')).isSymbolicLink()).toBe(true);
    expect(existsSync(at('nowhere'))).toBe(false);
  });
});

describe('at a terminal', () => {
  const at = (args: string, env: Record<string, string>) =>
    typeAt(`${EXECUTABLE} export ${args}`, [], { ...env, TERM: 'xterm' });
  const CONSUMERS = [
    'skopeo --kind iamapikey',
    'kubernetes',
    'code-engine',
    'cloud-foundry',
    'auth-file --kind iamapikey',
  ];
  const traces = [
    KEY,
    Buffer.from(`iamapikey:${KEY}`).toString('base64'),
    Buffer.from('{"auths":').toString('base64'),
  ];
  const shows = (text: string) => traces.some((trace) => text.includes(trace));

  it.each(CONSUMERS)('%s: no secret, but with --show', async (args) => {
    const { home, env } = homeWithKey();
    const hidden = await at(`${args} --registry us.icr.io`, env);
    expect(hidden).toMatchObject({ code: 1, stdout: expect.stringContaining('--show') });
    expect(shows(hidden.stdout)).toBe(false);
    const dash = await at(`${args} --registry us.icr.io --output -`, env);
    expect(dash.code).toBe(1);
    expect(shows(dash.stdout)).toBe(false);
    const shown = await at(`${args} --registry us.icr.io --show`, env);
    expect(shown.code).toBe(0);
    expect(shows(shown.stdout)).toBe(true);
    const file = join(home.folder, 'out');
    const written = await at(`${args} --registry us.icr.io --output ${file}`, env);
    expect(written).toMatchObject({ code: 0, stdout: expect.stringContaining('which only you can read') });
    expect(shows(written.stdout)).toBe(false);
    expect(shows(readFileSync(file, 'utf8'))).toBe(true);
  });

  it('a pipe is no terminal, though the notes go to one', async () => {
    const { env } = homeWithKey();
    const run = await at('code-engine --registry us.icr.io | wc -c', env);
    expect(run.stdout).toMatch(/good until the API key is deleted[\s\S]*45/);
    expect(shows(run.stdout)).toBe(false);
  });

  it('no terminal sequence of a path or server comes out', async () => {
    const { home, env } = homeWithKey();
    const run = await command(
      EXECUTABLE,
      ['export', 'auth-file', '--registry', 'a\u202eb', '--output', join(home.folder, 'x')],
      { env },
    );
    expect(run.stderr).not.toContain('\u202e');
    expect(run.code).toBe(1);
  });
});

describe('docs/export.md', () => {
  const page = readFileSync(new URL('../../docs/export.md', import.meta.url), 'utf8');
  const blocks = [...page.matchAll(/^\(\n[\s\S]*?^\)$/gm)].map(([block]) => block);

  it.each(blocks)('where the export fails nothing goes on, and nothing is shown: %s', async (block) => {
    const { folder, env } = makeHome();
    const bin = join(folder, 'bin');
    mkdirSync(bin);
    writeFileSync(join(bin, 'ibmcloud'), '#!/bin/sh\necho called\n', { mode: 0o755 });
    const PATH = `${bin}:${dirname(EXECUTABLE)}:/usr/bin:/bin`;
    const run = await command('/bin/bash', ['-c', block], { env: { ...env, PATH, OTHER_SECRET: 'other' } });
    expect(run).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('there is no login') });
    expect(run.stderr).not.toContain('other');
  });

  it('has these for Code Engine, Cloud Foundry and Docker Hub, and no export whose end is not looked at', () => {
    expect(blocks).toHaveLength(3);
    expect(page).not.toMatch(/<\(docker-credential-icr|eval "export \$\(/);
  });
});

describe('a registry that is none of ICR, and has no login', () => {
  it.each([
    [
      'uss.icr.io',
      /uss\.icr\.io, which is not a registry of IBM Cloud.*\nhint: did you mean us\.icr\.io\?\n$/,
    ],
    ['us.icr.io,de.icr.io', /is not the name of one registry\nhint: repeat --registry for each\n$/],
    ['gcr.io', /there is no login for gcr\.io\nhint: name it as docker-credential-icr status does/],
  ])('%s', async (registry, said) => {
    const { env } = makeHome();
    const run = await exporting(env, 'skopeo', '--registry', registry);
    expect(run).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(said) });
  });
});
