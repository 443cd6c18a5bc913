import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ProfileSettings } from '../../src/config/settings.ts';
import type { MetadataSettings } from '../fakes/metadata.ts';
import { receiveCachedToken } from '../support/cached-token.ts';
import { claimsOf } from '../support/claims.ts';
import { credentialsOf, EXECUTABLE, helperOf, type Run, runHelper } from '../support/executable.ts';
import { startLocalIam } from '../support/local-iam.ts';
import { startLocalMetadata } from '../support/local-metadata.ts';
import { command } from '../support/processes.ts';
import { startProxy } from '../support/proxy.ts';

async function prepare(metadataSettings: Partial<MetadataSettings> = {}) {
  const local = await startLocalIam();
  const { iam, home, url, env } = local;
  const deployer = iam.addServiceId({ name: 'deployer' });
  const builder = iam.addTrustedProfile({ name: 'builder', trusts: [deployer] });
  const { metadata, metadataUrl } = await startLocalMetadata(iam, {
    defaultProfile: builder,
    ...metadataSettings,
  });
  const tokenFile = join(home.folder, 'token');
  writeFileSync(tokenFile, `${iam.addCrToken(builder)}\n`);
  const keyFile = join(home.folder, 'key');
  writeFileSync(keyFile, iam.addApiKey(deployer), { mode: 0o600 });
  const configure = (profile: ProfileSettings, more: object = {}) =>
    home.configure({ iamEndpoint: url, profiles: { default: profile }, ...more });
  const get = (more: Record<string, string> = {}, host = 'us.icr.io') =>
    helperOf({ ...env, ...more }).get(host);
  return { ...local, deployer, builder, metadata, metadataUrl, tokenFile, keyFile, configure, get };
}

const subjectOf = (run: Run) => claimsOf(credentialsOf(run)?.Secret)['sub'];

/** One line, the same for docker (stderr) and everybody else (stdout), and nothing secret in it. */
function expectOneLine(run: Run, ...parts: (string | RegExp)[]): void {
  expect(run.code).toBe(1);
  expect(run.stderr).toBe(run.stdout);
  expect(run.stdout).toMatch(/^[^\n]+\n$/);
  expect(run.stdout).not.toContain('eyJ');
  for (const part of parts) expect(run.stdout).toMatch(part);
}

describe('a container', () => {
  it('becomes its trusted profile, once for all registries, and reads its token anew each time', async () => {
    const { iam, home, builder, tokenFile, configure, get } = await prepare();
    configure({ computeIdentity: 'container', tokenFile, trustedProfile: builder.id });
    expect(subjectOf(await get())).toBe(builder.id);
    expect(subjectOf(await get({}, 'de.icr.io'))).toBe(builder.id);
    expect(iam.tokenRequests('cr-token')).toBe(1);
    // The platform has replaced it.
    writeFileSync(tokenFile, iam.addCrToken(iam.addTrustedProfile({ name: 'other' }), builder));
    await receiveCachedToken(home, Date.now() - (iam.tokenLifetime / 2) * 1000);
    expect(subjectOf(await get())).toBe(builder.id);
    expect(iam.exchanges.map(({ form }) => form['cr_token'])).toEqual(['[builder]', '[other]']);
  });

  it('without its token, or with one that is none, says so', async () => {
    const { tokenFile, configure, get } = await prepare();
    configure({ computeIdentity: 'container', tokenFile, trustedProfile: 'builder' });
    writeFileSync(tokenFile, 'two words');
    expectOneLine(await get(), `${tokenFile} that profiles.default.tokenFile names does not hold`);
    rmSync(tokenFile);
    expectOneLine(await get(), `tokenFile names ${tokenFile}, which does not exist`, 'audience iam');
    configure({ computeIdentity: 'container', trustedProfile: 'builder' });
    expectOneLine(await get(), '/var/run/secrets/tokens/vault-token, /var/run/secrets/tokens/sa-token, ');
  });

  it('and a trusted profile that does not exist, or trusts another: IAM’s reason and what to do', async () => {
    const { iam, tokenFile, configure, get } = await prepare();
    const stranger = iam.addTrustedProfile({ name: 'stranger' });
    for (const [trustedProfile, reason] of [
      ['nobody', 'could not be found'],
      [stranger.id, 'does not trust this compute resource'],
    ] as const) {
      configure({ computeIdentity: 'container', tokenFile, trustedProfile });
      expectOneLine(
        await get(),
        'refuses the compute resource token',
        reason,
        `that the trusted profile ${trustedProfile} exists and trusts`,
      );
    }
  });

  it('sends its token to nobody but IBM or this machine', async () => {
    const { iam, tokenFile, home, get } = await prepare();
    home.configure({
      iamEndpoint: 'https://iam.example',
      profiles: { default: { computeIdentity: 'container', tokenFile, trustedProfile: 'builder' } },
    });
    expectOneLine(await get(), "https://iam.example is not IBM's: nothing from a file is sent there");
    expect(iam.exchanges).toEqual([]);
  });
});

describe('a virtual server', () => {
  it.each([
    ['vpc', 'v1', ['PUT 200', 'POST 200']],
    ['vpc', 'v2', ['PUT 404', 'PUT 200', 'POST 200']],
    ['power-vs', 'v2', ['PUT 200', 'POST 200']],
  ] as const)('%s, service %s: becomes its trusted profile, once for all registries', async (...row) => {
    const [computeIdentity, mode, expected] = row;
    const { iam, builder, metadata, metadataUrl, configure, get } = await prepare({ mode });
    configure({ computeIdentity, metadataUrl, trustedProfile: builder.id });
    expect(subjectOf(await get())).toBe(builder.id);
    expect(subjectOf(await get({}, 'de.icr.io'))).toBe(builder.id);
    expect(metadata.requests.map(({ method, status }) => `${method} ${status}`)).toEqual(expected);
    expect(iam.exchanges).toEqual([]);
  });

  it.runIf(process.geteuid?.() === 0)(
    'is not answered with the token of another one that the home has seen',
    async () => {
      const { iam, home, env, builder, metadata, metadataUrl, configure, get } = await prepare();
      configure({ computeIdentity: 'vpc', metadataUrl });
      expect(subjectOf(await get())).toBe(builder.id);
      const other = iam.addTrustedProfile({ name: 'other' });
      metadata.defaultProfile = other;
      const bootId = join(home.folder, 'boot-id');
      writeFileSync(bootId, 'another machine');
      const script = 'mount --bind "$BOOT_ID" /proc/sys/kernel/random/boot_id && exec "$HELPER" get';
      const variables = {
        ...env,
        PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
        BOOT_ID: bootId,
        HELPER: EXECUTABLE,
      };
      const there = { env: variables, input: 'us.icr.io' };
      expect(subjectOf(await command('unshare', ['--mount', 'sh', '-c', script], there))).toBe(other.id);
      expect(subjectOf(await get())).toBe(builder.id);
    },
  );

  it('of VPC needs to name none: the instance has a default', async () => {
    const { builder, metadataUrl, configure, get } = await prepare();
    configure({ computeIdentity: 'vpc', metadataUrl });
    expect(subjectOf(await get())).toBe(builder.id);
  });

  it('is never asked through a proxy, whatever the variables say', async () => {
    const { builder, metadataUrl, configure, get } = await prepare();
    configure({ computeIdentity: 'vpc', metadataUrl });
    const proxy = await startProxy();
    const names = ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy'];
    const variables = Object.fromEntries(names.map((name) => [name, `http://${proxy.address}`]));
    expect(subjectOf(await get(variables))).toBe(builder.id);
    expect([...proxy.tunnels, ...proxy.requests]).toEqual([]);
  });

  it('that gives no answer at all: an end within seconds, and what may be the cause', async () => {
    const { metadata, metadataUrl, configure, get } = await prepare({ mode: 'silent' });
    configure({ computeIdentity: 'vpc', metadataUrl });
    expectOneLine(await get(), 'did not answer within 5 s', 'may be disabled for this instance: enable it');
    expect(metadata.requests).toHaveLength(1);
  });

  it.each([
    ['knows no such profile', { trustedProfile: 'nobody' }, 'link the trusted profile to this instance'],
    ['has no default profile', {}, 'name a trusted profile'],
  ])('%s', async (_, profile, hint) => {
    const { metadataUrl, configure, get } = await prepare({ defaultProfile: null });
    configure({ computeIdentity: 'vpc', metadataUrl, ...profile });
    expectOneLine(await get(), /gives no IAM token: .* could not be found .*HTTP 404/, hint);
  });

  it.each([
    ['an answer of 404', { kind: 'status', status: 404 }, /is no instance metadata service/],
    ['an answer of 401', { kind: 'status', status: 401 }, /gives no instance token: HTTP 401/],
    ['an answer of 500', { kind: 'status', status: 500 }, /HTTP 500.*try again in a minute/],
    ['a page of a proxy', { kind: 'html', status: 200 }, /sent something that is no token/],
    ['a redirect', { kind: 'redirect', location: 'http://127.0.0.1:1/' }, /redirects/],
    ['a closed connection', { kind: 'close' }, /cannot reach .*may be disabled/],
  ] as const)('%s is one clear line', async (_, fault, problem) => {
    const { metadata, metadataUrl, configure, get } = await prepare();
    configure({ computeIdentity: 'vpc', metadataUrl });
    metadata.setFault(fault, '*');
    expectOneLine(await get(), problem);
  });
});

describe('an assumed trusted profile', () => {
  it('by a key file, and by a login: two exchanges for all registries', async () => {
    const { iam, env, builder, deployer, keyFile, configure, get } = await prepare();
    configure({ keyFile, trustedProfile: builder.id });
    expect(subjectOf(await get())).toBe(builder.id);
    expect(subjectOf(await get({}, 'de.icr.io'))).toBe(builder.id);
    expect([iam.tokenRequests('apikey'), iam.tokenRequests('assume')]).toEqual([1, 1]);
    configure({ trustedProfile: builder.crn ?? '' });
    const input = iam.addApiKey(deployer);
    const login = await runHelper(['login', '--apikey-stdin'], { env, input });
    expect(login.stdout).toContain('as deployer, service ID of account');
    expect(subjectOf(await get())).toBe(builder.id);
    // A login for a registry itself is nobody's trusted profile.
    await helperOf(env).store('us.icr.io', 'iamapikey', input);
    expect(subjectOf(await get())).toBe(deployer.id);
  });

  it('cannot be a refresh token', async () => {
    const { iam, builder, keyFile, configure, get } = await prepare();
    configure({ keyFile, trustedProfile: builder.id });
    const run = await get({ ICR_CREDENTIAL_KIND: 'iamrefresh' });
    expectOneLine(run, /kind is iamrefresh, but the trusted profile .* gives access tokens only/);
    expect(iam.exchanges).toEqual([]);
  });

  it('is known to ICR by its id, with the key of a service ID', async () => {
    const { iam, builder, keyFile, configure, get } = await prepare();
    const kind = { ICR_CREDENTIAL_KIND: 'iamapikey' };
    for (const trustedProfile of [builder.id, builder.crn ?? '']) {
      configure({ keyFile, trustedProfile });
      const answer = credentialsOf(await get(kind));
      expect(answer?.Username).toBe(builder.id);
      expect(answer?.Secret).toHaveLength(44);
    }
    configure({ keyFile, trustedProfile: 'builder', account: builder.account });
    expectOneLine(await get(kind), 'kind is iamapikey, but the trusted profile builder');
    expect(iam.exchanges).toEqual([]);
  });

  it.each([
    ['is unknown', 'nobody', 'could not be found'],
    ['trusts another', 'closed', 'does not trust this identity'],
  ])('%s: IAM’s reason and what to do', async (_, trustedProfile, reason) => {
    const { iam, keyFile, configure, get } = await prepare();
    const { account } = iam.addTrustedProfile({ name: 'closed' });
    configure({ keyFile, trustedProfile, account });
    expectOneLine(await get(), 'refuses the access token', reason, 'exists and trusts the identity');
  });

  it('of a key that IAM does not know: the reason is the key', async () => {
    const { builder, keyFile, configure, get } = await prepare();
    writeFileSync(keyFile, 'k'.repeat(44));
    configure({ keyFile, trustedProfile: builder.id });
    expectOneLine(await get(), 'refuses the API key', 'BXNIM0415E', 'deleted or mistyped');
  });

  it('is gone from the cache with the login that assumes it', async () => {
    const { iam, env, builder, deployer, configure, get, home } = await prepare();
    configure({ trustedProfile: builder.id });
    const input = iam.addApiKey(deployer);
    await runHelper(['login', '--apikey-stdin'], { env, input });
    expect(subjectOf(await get())).toBe(builder.id);
    const before = tokensIn(home.cacheFolder);
    await runHelper(['logout'], { env });
    expect([before, tokensIn(home.cacheFolder)]).toEqual([2, 0]);
  });
});

describe('settings that cannot work', () => {
  it.each<[ProfileSettings, string, string]>([
    [{ trustedProfile: 'builder' }, 'there is nothing to assume it', 'login --profile default'],
    [{ computeIdentity: 'container' }, 'no trusted profile is named', 'set profiles.default.trustedProfile'],
    [{ computeIdentity: 'power-vs' }, 'no trusted profile is named', 'set profiles.default.trustedProfile'],
    [
      { computeIdentity: 'container', trustedProfile: 'b', tokenFile: 'token' },
      'is not an absolute path',
      'write it out',
    ],
    [{ keyFile: 'key' }, 'is not an absolute path', 'write it out'],
    [{ computeIdentity: 'vpc', trustedProfile: 'a\nb' }, 'no id, CRN or name', 'ibmcloud iam'],
    ...[
      'http://metadata.example',
      'https://169.254.169.254',
      'http://169.254.169.254:81',
      'http://169.254.169.254.example',
      'http://169.254.169.254/latest',
      'http://user@169.254.169.254',
      'http://localhost',
      'http://api.metadata.cloud.ibm.com',
      'https://api.metadata.cloud.ibm.com.example',
      'nonsense',
    ].map((metadataUrl): [ProfileSettings, string, string] => [
      { computeIdentity: 'vpc', metadataUrl },
      'metadataUrl is not the address of an instance metadata service',
      'set it to http://169.254.169.254 or https://api.metadata.cloud.ibm.com',
    ]),
  ])('%j', async (profile, problem, hint) => {
    const { iam, metadata, configure, get } = await prepare();
    configure(profile);
    expectOneLine(await get(), problem, hint);
    expect([...iam.exchanges, ...metadata.requests]).toEqual([]);
  });

  it('a name of a profile to assume needs its account', async () => {
    const { keyFile, configure, get } = await prepare();
    configure({ keyFile, trustedProfile: 'builder' });
    expectOneLine(await get(), 'is a name, which means something in one account only', 'default.account');
  });
});

describe('the order within a profile', () => {
  it('a login, the key file, the identity of the machine', async () => {
    const { iam, env, builder, keyFile, metadata, metadataUrl, configure, get, apiKey } = await prepare();
    const all = { keyFile, computeIdentity: 'vpc', metadataUrl, trustedProfile: builder.id } as const;
    const { keyFile: _, ...withoutKey } = all;
    configure(withoutKey);
    expect(subjectOf(await get())).toBe(builder.id);
    metadata.reset();
    // With a compute identity the trusted profile is what that one asks for: the key stays itself.
    configure(all);
    expect(subjectOf(await get())).toMatch(/^ServiceId-/);
    await runHelper(['login', '--apikey-stdin'], { env, input: apiKey });
    expect(subjectOf(await get())).toBe('anna@example.com');
    expect([metadata.requests, iam.tokenRequests('assume')]).toEqual([[], 0]);
  });

  it('what is broken ends the search', async () => {
    const { iam, keyFile, metadataUrl, configure, get } = await prepare();
    const other = iam.addApiKey(iam.addServiceId({ name: 'other' }));
    rmSync(keyFile);
    configure({ keyFile, computeIdentity: 'vpc', metadataUrl });
    expectOneLine(await get({ IBMCLOUD_API_KEY: other }), 'which does not exist');
    configure({ computeIdentity: 'vpc', metadataUrl: 'http://127.0.0.1:1' });
    expectOneLine(await get({ IBMCLOUD_API_KEY: other }), 'cannot reach 127.0.0.1:1');
    expect(iam.exchanges).toEqual([]);
  });

  it('nothing of a machine answers for staging', async () => {
    const { builder, metadata, metadataUrl, tokenFile, configure, get } = await prepare();
    configure({ computeIdentity: 'vpc', metadataUrl });
    expect(credentialsOf(await get({}, 'stg.icr.io'))).toBeNull();
    configure({ computeIdentity: 'container', tokenFile, trustedProfile: builder.id });
    expect(credentialsOf(await get({}, 'stg.icr.io'))).toBeNull();
    const variables = { IBMCLOUD_CR_VPC_URL: metadataUrl };
    expect(credentialsOf(await get(variables, 'stg.icr.io'))).toBeNull();
    expect(metadata.requests).toEqual([]);
  });
});

describe('list', () => {
  const list = async (env: Record<string, string>) => {
    const run = await helperOf(env).list();
    expect(run).toMatchObject({ code: 0, stderr: '' });
    return JSON.parse(run.stdout);
  };

  it('names what profiles serve, stored or by the settings, and asks nobody', async () => {
    const { iam, env, url, home, apiKey, metadata } = await prepare();
    const registries = {
      'jp.icr.io': { profile: 'work' },
      'us.icr.io/team': { profile: 'work' },
      'ca.icr.io': { profile: 'file', credentialKind: 'iamapikey' },
      'br.icr.io': { profile: 'nobody' },
      'docker.io': { profile: 'work' },
    };
    const profiles = { default: { computeIdentity: 'vpc' }, file: { keyFile: '/nonexistent' } };
    home.configure({ iamEndpoint: url, registries, profiles });
    await runHelper(['login', '--apikey-stdin', '--profile', 'work'], { env, input: apiKey });
    await runHelper(['logout', 'de.icr.io'], { env });
    const exchanges = iam.exchanges.length;
    const listed = await list(env);
    expect(listed).toMatchObject({
      'us.icr.io': 'iambearer',
      'private.jp.icr.io': 'iambearer',
      'jp.icr.io': 'iamapikey',
      'us.icr.io/team': 'iamapikey',
      'ca.icr.io': 'iamapikey',
    });
    for (const name of ['de.icr.io', 'br.icr.io', 'docker.io']) expect(listed).not.toHaveProperty([name]);
    expect([iam.exchanges.length, metadata.requests]).toEqual([exchanges, []]);
  });

  it.each([
    ['that are no JSON', '{'],
    ['with a name that no profile can have', '{"registries": {"jp.icr.io": {"profile": "No Name"}}}'],
  ])('has what is stored, whatever settings %s say', async (_, settings) => {
    const { env, home, apiKey } = await prepare();
    await runHelper(['login', '--apikey-stdin'], { env, input: apiKey });
    writeFileSync(join(home.folder, '.config/docker-credential-icr/settings.json'), settings);
    expect(await list(env)).toMatchObject({ 'us.icr.io': 'iamapikey' });
  });
});

describe('the variables of the ibmcloud CLI', () => {
  it.each(['value', '@file'])('IBMCLOUD_CR_TOKEN as %s', async (form) => {
    const { iam, builder, tokenFile, configure, get } = await prepare();
    configure({});
    const token = form === 'value' ? iam.addCrToken(builder) : `@${tokenFile}`;
    for (const profile of [builder.id, builder.crn ?? '', builder.name]) {
      const run = await get({ IBMCLOUD_CR_TOKEN: token, IBMCLOUD_CR_PROFILE: profile });
      expect(subjectOf(run)).toBe(builder.id);
    }
    expect(iam.tokenRequests('cr-token')).toBe(3);
    expectOneLine(await get({ IBMCLOUD_CR_TOKEN: token }), 'IBMCLOUD_CR_PROFILE names no trusted profile');
  });

  it('IBMCLOUD_CR_VPC_URL, with a profile and without', async () => {
    const { iam, builder, metadataUrl, metadata, configure, get } = await prepare();
    configure({});
    const other = iam.addTrustedProfile({ name: 'other' });
    expect(subjectOf(await get({ IBMCLOUD_CR_VPC_URL: metadataUrl }))).toBe(builder.id);
    const named = { IBMCLOUD_CR_VPC_URL: metadataUrl, IBMCLOUD_CR_PROFILE: other.id };
    expect(subjectOf(await get(named))).toBe(other.id);
    metadata.reset();
    expectOneLine(
      await get({ IBMCLOUD_CR_VPC_URL: 'http://metadata.example' }),
      'IBMCLOUD_CR_VPC_URL is not the address of an instance metadata service',
    );
    expectOneLine(await get({ IBMCLOUD_CR_TOKEN: '@/nonexistent', IBMCLOUD_CR_PROFILE: 'b' }), 'not exist');
    expect(metadata.requests).toEqual([]);
  });

  it('come after a key, and after what is stored', async () => {
    const { iam, env, apiKey, keyFile, metadataUrl, metadata, configure, get } = await prepare();
    configure({});
    const variables = { IBMCLOUD_CR_VPC_URL: metadataUrl, IBMCLOUD_CR_TOKEN: 'a', IBMCLOUD_CR_PROFILE: 'b' };
    const byKey = await get({ ...variables, IBMCLOUD_API_KEY: `@${keyFile}` });
    expect(subjectOf(byKey)).toMatch(/^ServiceId-/);
    await helperOf(env).store('us.icr.io', 'iamapikey', apiKey);
    expect(subjectOf(await get(variables))).toBe('anna@example.com');
    expect([metadata.requests, iam.tokenRequests('cr-token')]).toEqual([[], 0]);
  });
});

function tokensIn(folder: string): number {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.token'))
    .length;
}
