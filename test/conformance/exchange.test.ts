import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startServer } from '../fakes/server.ts';
import { createAuthority } from '../support/certificates.ts';
import { claimsOf } from '../support/claims.ts';
import { credentialsOf, helperOf, IS_SCRIPT } from '../support/executable.ts';
import { addUser, startLocalIam } from '../support/local-iam.ts';
import { pause } from '../support/pause.ts';
import { makeHome } from '../support/test-home.ts';

describe('an API key for a token', () => {
  it('answers with an access token of the key’s owner', async () => {
    const { iam, env, apiKey } = await startLocalIam();
    const helper = helperOf(env);
    await helper.store('us.icr.io', 'iamapikey', apiKey);
    const answer = credentialsOf(await helper.get('us.icr.io'));
    expect(answer).toMatchObject({ ServerURL: 'us.icr.io', Username: 'iambearer' });
    expect(claimsOf(answer?.Secret)).toMatchObject({ iam_id: 'IBMid-anna' });
    expect(iam.exchanges).toMatchObject([
      {
        method: 'POST',
        path: '/identity/token',
        form: { grant_type: 'urn:ibm:params:oauth:grant-type:apikey' },
        headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
      },
    ]);
    expect(iam.exchanges[0]?.headers).not.toHaveProperty('authorization');
  });

  it('answers with the key itself as iamapikey, without IAM', async () => {
    const { iam, env, apiKey } = await startLocalIam({ credentialKind: 'iamapikey' });
    const helper = helperOf(env);
    await helper.store('us.icr.io', 'iamapikey', apiKey);
    expect(credentialsOf(await helper.get('us.icr.io'))).toMatchObject({
      Username: 'iamapikey',
      Secret: apiKey,
    });
    expect(iam.exchanges).toEqual([]);
  });

  it('answers with a real refresh token as iamrefresh, as the CLI’s client, and keeps it', async () => {
    const { iam, env, apiKey } = await startLocalIam();
    const helper = helperOf({ ...env, ICR_CREDENTIAL_KIND: 'iamrefresh' });
    await helper.store('us.icr.io', 'iamapikey', apiKey);
    const first = credentialsOf(await helper.get('us.icr.io'));
    expect(first?.Username).toBe('iamrefresh');
    expect(first?.Secret).not.toBe('not_supported');
    expect(iam.exchanges[0]?.headers['authorization']).toBe('Basic [bx]');
    expect(credentialsOf(await helper.get('us.icr.io'))).toEqual(first);
    expect(iam.tokenRequests()).toBe(1);
  });

  it('obeys the kind: variable before registry before global', async () => {
    const { env, apiKey } = await startLocalIam({
      credentialKind: 'iamapikey',
      registries: { 'de.icr.io': { credentialKind: 'iambearer' } },
    });
    const helper = helperOf({ ...env, ICR_API_KEY: apiKey });
    expect(credentialsOf(await helper.get('us.icr.io'))?.Username).toBe('iamapikey');
    expect(credentialsOf(await helper.get('de.icr.io'))?.Username).toBe('iambearer');
    const overridden = helperOf({ ...env, ICR_API_KEY: apiKey, ICR_CREDENTIAL_KIND: 'iamapikey' });
    expect(credentialsOf(await overridden.get('de.icr.io'))?.Username).toBe('iamapikey');
  });

  it('renews a stored refresh token and keeps its successor', async () => {
    const { iam, env, apiKey } = await startLocalIam();
    iam.tokenLifetime = 1;
    const helper = helperOf(env);
    const refreshToken = credentialsOf(
      await helperOf({ ...env, ICR_API_KEY: apiKey, ICR_CREDENTIAL_KIND: 'iamrefresh' }).get('us.icr.io'),
    );
    await helper.store('us.icr.io', 'iamrefresh', refreshToken?.Secret ?? '');
    for (let turn = 1; turn <= 3; turn++) {
      expect(credentialsOf(await helper.get('us.icr.io'))?.Username).toBe('iambearer');
      expect(iam.tokenRequests('refresh_token')).toBe(turn);
      await pause(1100);
    }
  });
});

describe('API keys from the environment', () => {
  it('in the order: own variable, stored login, IBM’s variables', async () => {
    const { iam, env, apiKey } = await startLocalIam();
    const keys = Object.fromEntries(
      ['own', 'ownFile', 'ibm', 'terraform', 'bluemix'].map((name) => [
        name,
        iam.addApiKey(addUser(iam, name)),
      ]),
    );
    const file = join(env['HOME'] ?? '', 'key');
    writeFileSync(file, `${keys['ownFile']}\n`, { mode: 0o600 });
    const variables: [string, string, string][] = [
      ['BLUEMIX_API_KEY', keys['bluemix'] ?? '', 'bluemix'],
      ['IC_API_KEY', keys['terraform'] ?? '', 'terraform'],
      ['IBMCLOUD_API_KEY', keys['ibm'] ?? '', 'ibm'],
      ['ICR_API_KEY_FILE', file, 'ownFile'],
      ['ICR_API_KEY', keys['own'] ?? '', 'own'],
    ];
    const given: Record<string, string> = {};
    const whoAnswers = async () =>
      claimsOf(credentialsOf(await helperOf({ ...env, ...given }).get('us.icr.io'))?.Secret);
    for (const [name, value, owner] of variables) {
      given[name] = value;
      expect(await whoAnswers()).toMatchObject({ iam_id: `IBMid-${owner}` });
      if (owner === 'ibm') {
        await helperOf(env).store('us.icr.io', 'iamapikey', apiKey);
        expect(await whoAnswers()).toMatchObject({ iam_id: 'IBMid-anna' });
      }
    }
  });

  it('reads a file as plain text and as the JSON of the CLI, also as @file', async () => {
    const { iam, env, apiKey } = await startLocalIam();
    const file = join(env['HOME'] ?? '', 'apikey.json');
    writeFileSync(file, JSON.stringify({ name: 'n', apikey: apiKey, uuid: 'ApiKey-1' }), { mode: 0o600 });
    for (const variable of [{ ICR_API_KEY_FILE: file }, { IBMCLOUD_API_KEY: `@${file}` }]) {
      const answer = credentialsOf(await helperOf({ ...env, ...variable }).get('us.icr.io'));
      expect(claimsOf(answer?.Secret)).toMatchObject({ iam_id: 'IBMid-anna' });
    }
    expect(iam.tokenRequests()).toBe(1);
  });

  it.each([
    ['ICR_API_KEY_FILE', '/nonexistent/key', 'does not exist'],
    ['ICR_API_KEY_FILE', '/', 'which is a folder'],
    ['ICR_API_KEY_FILE', '/dev/zero', 'cannot be read'],
    ['ICR_API_KEY_FILE', '/etc/passwd', 'every user of this machine can read'],
    ['IBMCLOUD_API_KEY', '@/nonexistent/key', 'does not exist'],
    ['ICR_API_KEY', '{apikey}', 'does not hold an IBM Cloud API key'],
    ['IBMCLOUD_IAM_API_ENDPOINT', 'iam.cloud.ibm.com', 'is not a URL'],
    ['IBMCLOUD_IAM_API_ENDPOINT', 'http://iam.cloud.ibm.com', 'does not begin with https://'],
    ['IBMCLOUD_IAM_API_ENDPOINT', 'http://localhost', 'does not begin with https://'],
    ['IBMCLOUD_IAM_API_ENDPOINT', 'https://user:pw@iam.cloud.ibm.com', 'holds more than'],
    ['ICR_CREDENTIAL_KIND', 'bearer', 'set it to one of'],
  ])('%s=%s is one clear error', async (name, value, problem) => {
    const { env, apiKey } = await startLocalIam();
    const run = await helperOf({
      ...env,
      ...(!name.includes('API_KEY') && { ICR_API_KEY: apiKey }),
      [name]: value,
    }).get('us.icr.io');
    expect(run).toMatchObject({ code: 1, stdout: expect.stringContaining(problem) });
    expect(run.stdout).toContain(name);
  });

  it('sends a key file only to IBM or to where the settings say', async () => {
    const { iam, url, env, apiKey } = await startLocalIam();
    const home = makeHome({ SSL_CERT_FILE: env['SSL_CERT_FILE'] ?? '', IBMCLOUD_IAM_API_ENDPOINT: url });
    const file = join(home.folder, 'key');
    writeFileSync(file, apiKey, { mode: 0o600 });
    const run = await helperOf({ ...home.env, ICR_API_KEY_FILE: file }).get('us.icr.io');
    expect(run).toMatchObject({ code: 1, stdout: expect.stringContaining('is not IBM') });
    expect(iam.exchanges).toEqual([]);
    expect(credentialsOf(await helperOf({ ...home.env, ICR_API_KEY: apiKey }).get('us.icr.io'))).toBeTruthy();
  });
});

describe('which IAM a secret goes to', () => {
  it('a stored key never to an endpoint that only the environment names', async () => {
    const { iam, url, env, apiKey } = await startLocalIam();
    const home = makeHome({ SSL_CERT_FILE: env['SSL_CERT_FILE'] ?? '' });
    await helperOf(home.env).store('us.icr.io', 'iamapikey', apiKey);
    // IBM's IAM is out of reach here: an error, and nothing arrived elsewhere.
    const run = await helperOf({ ...home.env, IBMCLOUD_IAM_API_ENDPOINT: url }).get('us.icr.io');
    expect(run).toMatchObject({ code: 1, stdout: expect.stringContaining('iam.cloud.ibm.com') });
    expect(iam.exchanges).toEqual([]);
  });

  it('a production key never for staging', async () => {
    const { iam, env, apiKey } = await startLocalIam();
    expect(credentialsOf(await helperOf({ ...env, ICR_API_KEY: apiKey }).get('stg.icr.io'))).toBeNull();
    expect(iam.exchanges).toEqual([]);
  });

  it('takes the endpoint with a path, as IBM’s SDKs do', async () => {
    const { url, env, apiKey } = await startLocalIam({ iamEndpoint: undefined });
    for (const suffix of ['', '/', '/identity', '/identity/token']) {
      const variables = { ICR_API_KEY: apiKey, IBMCLOUD_IAM_API_ENDPOINT: url + suffix };
      expect(credentialsOf(await helperOf({ ...env, ...variables }).get('us.icr.io'))).toBeTruthy();
    }
  });
});

describe('when IAM says no or nothing', () => {
  it.each([
    ['BXNIM0415E', 'Provided API key could not be found.', 'correct or unset it'],
    ['BXNIM0462E', 'Provided API key is disabled.', 'enable the key again'],
    ['BXNIM0436E', 'User is suspended', 'lift the suspension'],
  ] as const)('%s: code, message, request id and hint', async (code, message, hint) => {
    const { iam, env, apiKey } = await startLocalIam();
    iam.setFault({ kind: 'refuse', code });
    const run = await helperOf({ ...env, ICR_API_KEY: apiKey }).get('us.icr.io');
    expect(run.code).toBe(1);
    expect(run.stderr).toBe(run.stdout);
    for (const part of [code, message, 'request id', hint]) expect(run.stdout).toContain(part);
    expect(run.stdout).not.toContain(apiKey);
    expect(iam.tokenRequests()).toBe(1);
  });

  it('names where the key lies, which a login would not change', async () => {
    const { env, home } = await startLocalIam();
    const wrong = 'x'.repeat(44);
    const keyFile = `${home.folder}/key`;
    writeFileSync(keyFile, wrong, { mode: 0o600 });
    const ci = await startLocalIam({ profiles: { ci: { keyFile } } });
    for (const [variables, place] of [
      [{ ...env, ICR_API_KEY: wrong }, 'ICR_API_KEY'],
      [{ ...env, BM_API_KEY: wrong }, 'BM_API_KEY'],
      [{ ...env, ICR_API_KEY_FILE: keyFile }, 'the file that ICR_API_KEY_FILE names'],
      [{ ...ci.env, ICR_PROFILE: 'ci' }, 'the file that profiles.ci.keyFile names'],
    ] as const) {
      const run = await helperOf(variables).get('us.icr.io');
      expect(run).toMatchObject({ code: 1, stdout: expect.stringContaining(`the API key in ${place}: `) });
      expect(run.stdout).not.toContain('log in');
    }
  });

  it.each([
    ['429', { kind: 'status', status: 429 }],
    ['429 with Retry-After in seconds', { kind: 'status', status: 429, retryAfter: 1 }],
    [
      '429 with Retry-After as a date',
      { kind: 'status', status: 429, retryAfter: new Date(Date.now() + 1000) },
    ],
    ['503', { kind: 'status', status: 503 }],
    ['a closed connection', { kind: 'close' }],
    ['cut JSON', { kind: 'cut-json' }],
    ['a cut body', { kind: 'cut-body' }],
  ] as const)('%s is tried again', async (_, fault) => {
    const { iam, env, apiKey } = await startLocalIam();
    iam.failNext(1, fault);
    expect(credentialsOf(await helperOf({ ...env, ICR_API_KEY: apiKey }).get('us.icr.io'))).toBeTruthy();
    expect(iam.tokenRequests()).toBe(2);
  });

  it.each([
    ['501', { kind: 'status', status: 501 }, 'HTTP 501'],
    ['a Retry-After beyond patience', { kind: 'status', status: 429, retryAfter: 600 }, 'HTTP 429'],
    ['a proxy’s page', { kind: 'html', status: 403 }, 'check for a proxy'],
    ['a portal’s page', { kind: 'html', status: 200 }, 'check for a proxy'],
    [
      'a redirect',
      { kind: 'redirect', location: 'https://127.0.0.1:1/identity/token' },
      'redirects (HTTP 307)',
    ],
    ['50 MB', { kind: 'huge', megabytes: 50 }, 'larger than 1 MB'],
    ['50 MB, compressed', { kind: 'huge', megabytes: 50, gzip: true }, 'larger than 1 MB'],
  ] as const)('%s is one clear line', async (_, fault, text) => {
    const { iam, env, apiKey } = await startLocalIam();
    iam.setFault(fault);
    const run = await helperOf({ ...env, ICR_API_KEY: apiKey }).get('us.icr.io');
    expect(run).toMatchObject({ code: 1, stdout: expect.stringContaining(text) });
    expect(run.stderr).toBe(run.stdout);
  });

  it('gives up on a silent IAM after 12 s, and hands out what still lives', async () => {
    const { iam, env, apiKey } = await startLocalIam();
    iam.tokenLifetime = 400;
    const helper = helperOf({ ...env, ICR_API_KEY: apiKey });
    iam.setFault({ kind: 'hang' });
    expect(await helper.get('us.icr.io')).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('within 12 s'),
    });
  });

  it('does not verify less because a variable says so', async () => {
    const { iam, env, apiKey } = await startLocalIam();
    const { SSL_CERT_FILE: _, ...untrusting }: Record<string, string> = { ...env, ICR_API_KEY: apiKey };
    const run = await helperOf({ ...untrusting, NODE_TLS_REJECT_UNAUTHORIZED: '0' }).get('us.icr.io');
    expect(run).toMatchObject({ code: 1, stdout: expect.stringMatching(/CERT|SIGNATURE.*SSL_CERT_FILE/) });
    expect(iam.exchanges).toEqual([]);
  });

  it('trusts SSL_CERT_FILE and NODE_EXTRA_CA_CERTS, and no certificate of another host', async () => {
    const { url, env, apiKey } = await startLocalIam();
    const { SSL_CERT_FILE: file = '', ...bare }: Record<string, string> = { ...env, ICR_API_KEY: apiKey };
    expect(
      credentialsOf(await helperOf({ ...bare, NODE_EXTRA_CA_CERTS: file }).get('us.icr.io')),
    ).toBeTruthy();

    const authority = await createAuthority();
    const certificate = await authority.issue({ names: ['iam.cloud.ibm.com'] });
    const other = await startServer({ handlers: {}, certificate });
    onTestFinished(() => other.close());
    const ca = join(env['HOME'] ?? '', 'other.pem');
    writeFileSync(ca, authority.certificate);
    const home = makeHome({ SSL_CERT_FILE: ca, IBMCLOUD_IAM_API_ENDPOINT: other.url, ICR_API_KEY: apiKey });
    expect(await helperOf(home.env).get('us.icr.io')).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/ALTNAME/),
    });
    expect(url).not.toBe(other.url);
  });

  it('prints no request because a variable says so', async () => {
    const { env, apiKey } = await startLocalIam();
    const loud = {
      ...env,
      ICR_API_KEY: apiKey,
      BUN_CONFIG_VERBOSE_FETCH: 'curl',
      NODE_DEBUG: 'http,https,tls,fetch',
    };
    const run = await helperOf(loud).get('us.icr.io');
    expect(run.code).toBe(0);
    // Node itself says what connections it opens, and not what is sent.
    if (!IS_SCRIPT) expect(run.stderr).toBe('');
    expect(run.stdout + run.stderr).not.toContain(apiKey);
  });
});
