import { randomBytes, randomUUID } from 'node:crypto';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { claimsOf } from '../support/claims.ts';
import { credentialsOf, helperOf } from '../support/executable.ts';
import { addUser, startLocalIam } from '../support/local-iam.ts';
import { startLocalMetadata } from '../support/local-metadata.ts';
import { pause } from '../support/pause.ts';

/** Seconds: enough for a slow machine to store a token and be answered with it. */
const LIFETIME = 10;

const token = async (env: Record<string, string>, key: string) =>
  credentialsOf(await helperOf({ ...env, ICR_API_KEY: key }).get('us.icr.io'))?.Secret ?? '';

describe('what clients store for an ICR host', () => {
  it.each([
    [`Profile-${randomUUID()}`, 'the key of a service ID'],
    ['somebody', 'some password'],
    ['iamapikey2', 'some password'],
    ['cp', 'an entitlement key'],
  ])('%s comes back as it was', async (username, secret) => {
    const { iam, env } = await startLocalIam();
    const helper = helperOf(env);
    expect((await helper.store('us.icr.io', username, secret)).code).toBe(0);
    expect(credentialsOf(await helper.get('us.icr.io'))).toMatchObject({
      Username: username,
      Secret: secret,
    });
    expect(JSON.parse((await helper.list()).stdout)).toEqual({ 'us.icr.io': username });
    expect(iam.exchanges).toEqual([]);
  });

  it('iamapikey is kept as the key that it is, without what stands around it', async () => {
    const { env, apiKey } = await startLocalIam();
    expect((await helperOf(env).store('us.icr.io', 'iamapikey', ` ${apiKey}\n`)).code).toBe(0);
    expect(credentialsOf(await helperOf(env).get('us.icr.io'))?.Username).toBe('iambearer');
    const asKey = helperOf({ ...env, ICR_CREDENTIAL_KIND: 'iamapikey' });
    expect(credentialsOf(await asKey.get('us.icr.io'))?.Secret).toBe(apiKey);
  });

  it('iambearer answers until it expires, then asks for a login', async () => {
    const { iam, env, apiKey } = await startLocalIam();
    iam.tokenLifetime = LIFETIME;
    const bearer = await token(env, apiKey);
    const helper = helperOf(env);
    expect((await helper.store('us.icr.io', 'iambearer', bearer)).code).toBe(0);
    expect(credentialsOf(await helper.get('us.icr.io'))).toMatchObject({
      Username: 'iambearer',
      Secret: bearer,
    });
    await pause(LIFETIME * 1000);
    expect(credentialsOf(await helper.get('us.icr.io'))).toBeNull();
    const late = await helper.store('us.icr.io', 'iambearer', bearer);
    expect(late).toMatchObject({ code: 1, stdout: expect.stringContaining('the access token has expired') });
  });

  it('iambearer of the stored key’s owner is our own coming back', async () => {
    const { env, apiKey } = await startLocalIam();
    const helper = helperOf(env);
    await helper.store('us.icr.io', 'iamapikey', apiKey);
    const own = credentialsOf(await helper.get('us.icr.io'));
    expect(await helper.store('us.icr.io', 'iambearer', own?.Secret ?? '')).toEqual({
      code: 0,
      stdout: '',
      stderr: '',
    });
    expect(JSON.parse((await helper.list()).stdout)).toEqual({ 'us.icr.io': 'iamapikey' });
    expect(
      credentialsOf(await helperOf({ ...env, ICR_CREDENTIAL_KIND: 'iamapikey' }).get('us.icr.io'))?.Secret,
    ).toBe(apiKey);
  });

  it('iambearer of another answers until it expires, and the key stays beneath', async () => {
    const { iam, env, apiKey } = await startLocalIam();
    const helper = helperOf(env);
    await helper.store('us.icr.io', 'iamapikey', apiKey);
    iam.tokenLifetime = LIFETIME;
    const others = await token(env, iam.addApiKey(addUser(iam, 'berta')));
    await helper.store('us.icr.io', 'iambearer', others);
    expect(credentialsOf(await helper.get('us.icr.io'))?.Secret).toBe(others);
    await pause(LIFETIME * 1000);
    expect(claimsOf(credentialsOf(await helper.get('us.icr.io'))?.Secret)).toMatchObject({
      iam_id: 'IBMid-anna',
    });
  });

  it('iambearer of the same user in another account is another', async () => {
    const { iam, env, apiKey } = await startLocalIam();
    const account = randomBytes(16).toString('hex');
    const elsewhere = iam.addUser({ name: 'anna2', email: 'anna@example.com', iamId: 'IBMid-anna', account });
    const helper = helperOf(env);
    await helper.store('us.icr.io', 'iamapikey', apiKey);
    const others = await token(env, iam.addApiKey(elsewhere));
    await helper.store('us.icr.io', 'iambearer', others);
    expect(credentialsOf(await helper.get('us.icr.io'))?.Secret).toBe(others);
  });

  it('iambearer over a key that IAM does not take any more is another', async () => {
    const { iam, env, apiKey } = await startLocalIam();
    const helper = helperOf(env);
    await helper.store('us.icr.io', 'iamapikey', apiKey);
    const others = await token(env, iam.addApiKey(addUser(iam, 'berta')));
    iam.disableKey(apiKey);
    expect((await helper.store('us.icr.io', 'iambearer', others)).code).toBe(0);
    expect(credentialsOf(await helper.get('us.icr.io'))?.Secret).toBe(others);
  });

  it('<token> over a key whose account nobody can compare leaves the key answering, and says so', async () => {
    const { env, apiKey } = await startLocalIam();
    const helper = helperOf(env);
    await helper.store('us.icr.io', 'iamapikey', apiKey);
    const store = await helper.store('us.icr.io', '<token>', 'an opaque session');
    expect(store).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('goes on answering for us.icr.io'),
    });
    expect(credentialsOf(await helper.get('us.icr.io'))?.Username).toBe('iambearer');
  });

  it('a login after a logout counts, and keeps variables out', async () => {
    const { iam, env, apiKey } = await startLocalIam();
    const ambient = helperOf({ ...env, IBMCLOUD_API_KEY: iam.addApiKey(addUser(iam, 'berta')) });
    await ambient.erase('us.icr.io');
    await ambient.store('us.icr.io', '<token>', 'an opaque session');
    expect(credentialsOf(await ambient.get('us.icr.io'))).toMatchObject({ Username: '<token>' });
    await ambient.store('us.icr.io', 'iamapikey', apiKey);
    expect(claimsOf(credentialsOf(await ambient.get('us.icr.io'))?.Secret)).toMatchObject({
      iam_id: 'IBMid-anna',
    });
  });

  it.each([
    ['iambearer', 'a key file that is gone', { keyFile: '/nonexistent' }],
    ['<token>', 'a key file that is gone', { keyFile: '/nonexistent' }],
    ['iambearer', 'a machine that gives no answer', { computeIdentity: 'vpc' }],
    ['<token>', 'a machine that gives no answer', { computeIdentity: 'vpc' }],
  ] as const)('%s over %s is kept and answers', async (username, _, profile) => {
    const { iam, url, env, home, apiKey } = await startLocalIam();
    const { metadata, metadataUrl } = await startLocalMetadata(iam, { mode: 'silent' });
    const secret = username === '<token>' ? 'an opaque session' : await token(env, apiKey);
    home.configure({ iamEndpoint: url, profiles: { default: { ...profile, metadataUrl } } });
    const helper = helperOf(env);
    expect(await helper.store('us.icr.io', username, secret)).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/the login is kept; what would answer for us\.icr\.io fails: /),
    });
    const asked = metadata.requests.length;
    expect(credentialsOf(await helper.get('us.icr.io'))).toMatchObject({
      Username: username,
      Secret: secret,
    });
    expect(metadata.requests).toHaveLength(asked);
  });

  it('iamrefresh asked as a key is one clear error', async () => {
    const { env } = await startLocalIam();
    const helper = helperOf({ ...env, ICR_CREDENTIAL_KIND: 'iamapikey' });
    await helper.store('us.icr.io', 'iamrefresh', 'a refresh token');
    expect(await helper.get('us.icr.io')).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('no API key'),
    });
  });

  it('all forms of one name are one registry', async () => {
    const { env, apiKey } = await startLocalIam();
    const helper = helperOf(env);
    await helper.store('https://US.icr.io:443/v1/', 'iamapikey', apiKey);
    for (const form of ['us.icr.io', 'https://us.icr.io', 'us.icr.io/ns/app']) {
      expect(credentialsOf(await helper.get(form))).toMatchObject({ ServerURL: form, Username: 'iambearer' });
    }
    expect(JSON.parse((await helper.list()).stdout)).toEqual({ 'us.icr.io': 'iamapikey' });
    await helper.erase('us.icr.io:443');
    expect(credentialsOf(await helper.get('us.icr.io'))).toBeNull();
  });
});

describe('the key of the file store', () => {
  it.each(['passphrase', 'key file'])('may be a %s that the environment names', async (kind) => {
    const { env, home, apiKey } = await startLocalIam();
    const file = join(home.folder, 'store.key');
    writeFileSync(file, randomBytes(32), { mode: 0o600 });
    const named =
      kind === 'key file' ? { ICR_STORE_KEY_FILE: file } : { ICR_STORE_PASSPHRASE: 'a long passphrase' };
    const kept = { ...env, ICR_CREDENTIAL_KIND: 'iamapikey' };
    const store = await helperOf({ ...kept, ...named }).store('us.icr.io', 'iamapikey', apiKey);
    expect(store).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('sealed with the key that the environment names'),
    });
    expect(credentialsOf(await helperOf({ ...kept, ...named }).get('us.icr.io'))?.Secret).toBe(apiKey);
    const without = await helperOf(kept).get('us.icr.io');
    expect(without).toMatchObject({ code: 1, stdout: expect.stringContaining('does not open') });
  });

  it('that is damaged or open to others is an error that names it, and is never replaced', async () => {
    const { env, home, apiKey } = await startLocalIam();
    const helper = helperOf({ ...env, ICR_CREDENTIAL_KIND: 'iamapikey' });
    await helper.store('us.icr.io', 'iamapikey', apiKey);
    const key = join(home.folder, '.local/state/docker-credential-icr/store-key');
    writeFileSync(key, 'short');
    for (const run of [await helper.get('us.icr.io'), await helper.store('r.example', 'anna', 's')]) {
      expect(run).toMatchObject({ code: 1, stdout: expect.stringContaining('store-key') });
    }
    expect(readFileSync(key, 'utf8')).toBe('short');
    chmodSync(dirname(key), 0o755);
    expect(await helper.get('us.icr.io')).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('chmod 700'),
    });
  });
});
