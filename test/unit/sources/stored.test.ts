import { describe, expect, it } from 'vitest';
import type { ReadyCredential, SessionCredential } from '../../../src/credential.ts';
import { Secret } from '../../../src/secret.ts';
import { findFirst } from '../../../src/sources/source.ts';
import { storedLogin, storedRenewable, storedSession } from '../../../src/sources/stored.ts';
import type { CredentialRecord, StoredSecret } from '../../../src/stores/records.ts';
import { memoryStore } from '../../support/memory-store.ts';
import { hostOf } from '../../support/registry-host.ts';
import { testSystem } from '../../support/test-system.ts';

const NOW = 1_800_000_000;
const IBM = 'https://iam.cloud.ibm.com';
const OTHER = 'https://iam.example';

const stored = (id: string, username = 'iamapikey', issuer?: string): StoredSecret => ({
  id,
  store: 'file',
  username,
  ...(issuer && { issuer }),
});
const key = stored('key');
const session = { ...stored('session', '<token>'), first: false };

function contextWith(...records: Partial<CredentialRecord>[]) {
  return { store: memoryStore(...records), settings: {}, system: testSystem({ now: () => NOW * 1000 }) };
}
const login = (path: string, ...records: Partial<CredentialRecord>[]) =>
  storedLogin(contextWith(...records)).find(hostOf(path));
const sessionOf = (record: Partial<CredentialRecord>) =>
  storedSession(contextWith({ name: 'us.icr.io', ...record })).find(hostOf('us.icr.io/team'));

describe('the stored login', () => {
  it('is nothing where nobody logged in', async () => {
    expect(await login('us.icr.io')).toBeNull();
    expect(await login('us.icr.io', { name: 'de.icr.io', renewable: key })).toBeNull();
    expect(await login('us.icr.io', { name: 'us.icr.io', kind: 'profile', renewable: key })).toBeNull();
  });

  it('is an API key, by its id and for the IAM that it was verified with', async () => {
    const record = { name: 'us.icr.io', renewable: stored('key', 'iamapikey', OTHER) };
    const credential = await login('us.icr.io', record);
    expect(credential).toMatchObject({
      type: 'api-key',
      fingerprint: 'key',
      issuer: OTHER,
      sessionPlace: { store: 'file', name: expect.stringContaining('key') },
    });
    if (credential?.type !== 'api-key') throw new Error('no key');
    expect((await credential.reveal()).reveal()).toBe('secret of key');
  });

  it('is a session, whose successor is kept in its place', async () => {
    const context = contextWith({ name: 'us.icr.io', renewable: stored('s', 'iamrefresh') });
    const credential = (await storedLogin(context).find(hostOf('us.icr.io'))) as SessionCredential;
    expect(credential).toMatchObject({ type: 'session', fingerprint: 's', issuer: IBM });
    await credential.replace(new Secret('next'));
    expect(context.store.renewed).toEqual(['s: next']);
    expect((await credential.reveal()).reveal()).toBe('secret of s');
  });

  it.each([
    ['us.icr.io', 'us.icr.io', ' --registry us.icr.io'],
    ['us.icr.io/team', 'us.icr.io/team/app', ' --registry us.icr.io/team'],
  ])('of a session for %s says how to get another in its place', async (name, path, where) => {
    expect(await login(path, { name, renewable: stored('s', 'iamrefresh') })).toMatchObject({
      loginHint: `run docker-credential-icr login --sso${where}, or log in with an API key`,
    });
  });

  it.each(['iambearer', '<token>', 'Profile-1', 'anna'])('is handed out as it is: %s', async (username) => {
    const renewable = stored('as-is', username);
    const credential = (await login('us.icr.io', { name: 'us.icr.io', renewable })) as ReadyCredential;
    expect(credential).toMatchObject({ type: 'ready', username });
    expect((await credential.reveal()).reveal()).toBe('secret of as-is');
  });

  it('of a namespace comes before that of the registry', async () => {
    const records = [
      { name: 'us.icr.io', renewable: stored('host') },
      { name: 'us.icr.io/team', renewable: stored('team') },
    ];
    expect(await login('us.icr.io/team/app', ...records)).toMatchObject({ fingerprint: 'team' });
    expect(await login('us.icr.io/other/app', ...records)).toMatchObject({ fingerprint: 'host' });
  });

  it('is a logout where somebody logged out, for the namespace or all', async () => {
    const all = { name: 'us.icr.io', loggedOut: true as const };
    expect(await login('us.icr.io/team', all)).toEqual({ type: 'none' });
    const team = { name: 'us.icr.io/team', renewable: key };
    expect(await login('us.icr.io/team', all, team)).toMatchObject({ fingerprint: 'key' });
    expect(await login('us.icr.io', { ...all, renewable: key })).toMatchObject({ fingerprint: 'key' });
  });

  it('is a session that came after the key, for as long as that lives', async () => {
    const record = (expiresAt?: number) => ({
      name: 'us.icr.io',
      renewable: key,
      session: { ...session, first: true, ...(expiresAt && { expiresAt }) },
    });
    expect(await login('us.icr.io', record())).toMatchObject({ username: '<token>' });
    expect(await login('us.icr.io', record(NOW + 1))).toMatchObject({ username: '<token>' });
    expect(await login('us.icr.io', record(NOW))).toMatchObject({ fingerprint: 'key' });
  });

  it('is not a session that came before', async () => {
    expect(await login('us.icr.io', { name: 'us.icr.io', session })).toBeNull();
    expect(await login('us.icr.io', { name: 'us.icr.io', session, renewable: key })).toMatchObject({
      fingerprint: 'key',
    });
  });
});

describe('the stored session', () => {
  it('answers for all of the registry while it lives', async () => {
    expect(await sessionOf({ session })).toMatchObject({ type: 'ready', username: '<token>' });
    expect(await sessionOf({ session: { ...session, expiresAt: NOW + 1 } })).toMatchObject({ type: 'ready' });
    expect(await sessionOf({ session: { ...session, expiresAt: NOW } })).toBeNull();
    expect(await sessionOf({ renewable: key })).toBeNull();
    expect(await storedSession(contextWith()).find(hostOf('us.icr.io'))).toBeNull();
  });
});

it('what tokens are made from is a key or a session, and nothing else', () => {
  const of = (renewable?: StoredSecret) =>
    storedRenewable(
      { version: 1, kind: 'registry', name: 'us.icr.io', ...(renewable && { renewable }) },
      hostOf('us.icr.io'),
      contextWith(),
    );
  expect(of(key)).toMatchObject({ type: 'api-key' });
  expect(of(stored('s', 'iamrefresh'))).toMatchObject({ type: 'session' });
  expect(of(stored('x', '<token>'))).toBeNull();
  expect(of()).toBeNull();
  expect(storedRenewable(null, hostOf('us.icr.io'), contextWith())).toBeNull();
});

describe('the chain', () => {
  const host = hostOf('us.icr.io');
  const source = (name: string, answer: 'none' | null | Error) => ({
    name,
    find: async () => {
      if (answer instanceof Error) throw answer;
      return answer && { type: answer };
    },
  });

  it('gives the first that has something, and asks no further', async () => {
    const broken = source('broken', new Error('mine, but broken'));
    const second = source('second', 'none');
    expect(await findFirst([source('first', null), second, broken], host)).toEqual({
      source: second,
      credential: { type: 'none' },
    });
    await expect(findFirst([broken, second], host)).rejects.toThrow('mine, but broken');
    expect(await findFirst([source('first', null)], host)).toBeNull();
  });

  it('names its sources for people', () => {
    const context = contextWith();
    expect([storedLogin(context), storedSession(context)].map(({ name }) => name)).toEqual([
      'the stored login',
      'the stored session',
    ]);
  });
});
