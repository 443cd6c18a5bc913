import { describe, expect, it } from 'vitest';
import type { Settings } from '../../../src/config/settings.ts';
import type { TokenCredential } from '../../../src/credential.ts';
import { chosenProfile, namedProfile, profileLogin } from '../../../src/sources/profile.ts';
import { nameOf } from '../../../src/sources/source.ts';
import type { StoredContext } from '../../../src/sources/stored.ts';
import { profileRecord } from '../../../src/stores/records.ts';
import { keyFile } from '../../support/api-key-file.ts';
import { memoryStore } from '../../support/memory-store.ts';
import { hostOf } from '../../support/registry-host.ts';
import { testSystem } from '../../support/test-system.ts';

const HOST = hostOf('us.icr.io/team');
const IBM = 'https://iam.cloud.ibm.com';
const STAGING = 'https://iam.test.cloud.ibm.com';
const ID = 'Profile-00000000-1111-2222-3333-444444444444';
const CRN = `crn:v1:bluemix:public:iam-identity::a/1::profile:${ID}`;

interface Scene {
  settings?: Settings;
  env?: Record<string, string>;
  /** The user name of what a login stored for the profile `work`, and where it was verified. */
  login?: string;
  issuer?: string;
}

function contextOf({ settings = {}, env = {}, login, issuer = IBM }: Scene): StoredContext {
  const renewable = login && { id: 'id', store: 'file' as const, username: login, issuer };
  return {
    settings,
    system: testSystem({ env }),
    store: memoryStore(renewable ? { ...profileRecord('work'), renewable } : {}),
  };
}

const work = (scene: Scene, host = HOST) => namedProfile('work', contextOf(scene)).find(host);
const settingsOf = (profile: object): Settings => ({ profiles: { work: profile } });

describe('a profile', () => {
  it('is first what a login stored', async () => {
    const settings = settingsOf({ keyFile: '/nowhere', computeIdentity: 'vpc' });
    expect(await work({ login: 'iamapikey', settings })).toMatchObject({
      type: 'api-key',
      fingerprint: 'id',
    });
    expect(await work({ login: 'iamrefresh' })).toMatchObject({ type: 'session', issuer: IBM });
  });

  it('is told how to log in again where its session is over', async () => {
    const hint = (name: string) => `run docker-credential-icr login --sso${name}, or log in with an API key`;
    expect(await work({ login: 'iamrefresh' })).toMatchObject({ loginHint: hint(' --profile work') });
    const settings = settingsOf({ trustedProfile: ID });
    expect(await work({ login: 'iamrefresh', settings })).toMatchObject({
      loginHint: hint(' --profile work'),
    });
    const renewable = { id: 'id', store: 'file' as const, username: 'iamrefresh', issuer: IBM };
    const store = memoryStore({ ...profileRecord('default'), renewable });
    expect(await profileLogin({ ...contextOf({}), store }).find(HOST)).toMatchObject({ loginHint: hint('') });
  });

  it('is then a key file', async () => {
    const path = keyFile('k1\n');
    const credential = await work({ settings: settingsOf({ keyFile: path, computeIdentity: 'vpc' }) });
    expect(credential).toMatchObject({ type: 'api-key', fingerprint: 'value:k1', issuer: IBM });
    if (credential?.type !== 'api-key') throw new Error('no key');
    expect((await credential.reveal()).reveal()).toBe('k1');
  });

  it('is then the identity of this machine', async () => {
    const settings = settingsOf({ computeIdentity: 'vpc' });
    expect(await work({ settings })).toMatchObject({ type: 'token', shows: expect.stringContaining('VPC') });
  });

  it('of another realm is not asked: a login is left alone, a key file not even read', async () => {
    const login = { login: 'iamapikey', issuer: STAGING };
    expect(await work(login)).toBeNull();
    expect(await work(login, hostOf('stg.icr.io'))).toMatchObject({ issuer: STAGING });
    const settings = settingsOf({ keyFile: '/nowhere' });
    expect(await work({ settings }, hostOf('stg.icr.io'))).toBeNull();
  });

  it('with a key file that cannot be used is an error', async () => {
    await expect(work({ settings: settingsOf({ keyFile: 'key' }) })).rejects.toMatchObject({
      code: 'settings',
      message: 'profiles.work.keyFile is key, which is not an absolute path',
    });
    await expect(work({ settings: settingsOf({ keyFile: '/nowhere' }) })).rejects.toThrow(
      'profiles.work.keyFile names /nowhere, which does not exist',
    );
    const foreign = { ...settingsOf({ keyFile: '/nowhere' }), iamEndpoint: 'https://iam.example' };
    await expect(work({ settings: foreign })).rejects.toThrow('nothing from a file is sent there');
  });

  it('with nobody to assume its trusted profile is an error', async () => {
    await expect(work({ settings: settingsOf({ trustedProfile: ID }) })).rejects.toMatchObject({
      code: 'settings',
      message: `profiles.work.trustedProfile names ${ID}, but there is nothing to assume it`,
      hint: 'run docker-credential-icr login --profile work, or set keyFile or computeIdentity for it',
    });
  });
});

describe('who chose a profile that nobody logged in to', () => {
  const refused = (message: string) => ({
    code: 'settings',
    message,
    hint: 'run docker-credential-icr login --profile work',
  });

  it('is told so: the command', async () => {
    await expect(work({})).rejects.toMatchObject(refused('there is no login for the profile work'));
  });

  it('is told so: the variable', async () => {
    const context = contextOf({ env: { ICR_PROFILE: 'work' } });
    await expect(chosenProfile(context).find(HOST)).rejects.toMatchObject(
      refused('there is no login for the profile work, which ICR_PROFILE names'),
    );
  });

  it('is told so: the settings', async () => {
    const context = contextOf({ settings: { registries: { 'us.icr.io': { profile: 'work' } } } });
    await expect(profileLogin(context).find(HOST)).rejects.toMatchObject(
      refused('there is no login for the profile work, which the settings name for us.icr.io'),
    );
  });

  it('is nobody for the default one: there is just nothing', async () => {
    expect(await profileLogin(contextOf({})).find(HOST)).toBeNull();
    expect(await chosenProfile(contextOf({})).find(HOST)).toBeNull();
  });
});

describe('the sources', () => {
  it('find what the variable or the settings choose', async () => {
    const variable = contextOf({ login: 'iamapikey', env: { ICR_PROFILE: 'work' } });
    expect(await chosenProfile(variable).find(HOST)).toMatchObject({ fingerprint: 'id' });
    const settings = { registries: { 'us.icr.io/team': { profile: 'work' } } };
    const chosen = contextOf({ login: 'iamapikey', settings });
    expect(await profileLogin(chosen).find(HOST)).toMatchObject({ fingerprint: 'id' });
    expect(await chosenProfile(chosen).find(HOST)).toBeNull();
  });

  it('say what they are, and whether they count after a logout', () => {
    const sources = [profileLogin, chosenProfile].map((source) => source(contextOf({})));
    sources.push(namedProfile('work', contextOf({})));
    expect(sources.map(({ name, overridesLogout }) => [name, overridesLogout])).toEqual([
      ['your login', undefined],
      ['the profile of ICR_PROFILE', true],
      ['the profile work', true],
    ]);
  });

  it.each<[string, Settings, Record<string, string>]>([
    ['your login', {}, {}],
    ['your login', { profiles: { work: {} }, registries: { 'de.icr.io': { profile: 'work' } } }, {}],
    ['the login of profile default', { profiles: { default: { trustedProfile: ID } } }, {}],
    ['the login of profile work', { registries: { 'us.icr.io': { profile: 'work' } } }, {}],
    ['the login of profile work', {}, { ICR_PROFILE: 'work' }],
    ['your login', { registries: { 'us.icr.io': { profile: '../x' } } }, {}],
  ])('%s: %j %j', (name, settings, env) => {
    expect(nameOf(profileLogin(contextOf({ settings, env })), HOST)).toBe(name);
  });
});

describe('a trusted profile that the profile’s login assumes', () => {
  const assumed = (trustedProfile: string, more: object = {}, login = 'iamapikey') =>
    work({ login, settings: settingsOf({ trustedProfile, ...more }) }) as Promise<TokenCredential>;

  it('is shown as what it is, by the key or a session', async () => {
    expect(await assumed(ID)).toMatchObject({
      type: 'token',
      issuer: IBM,
      shows: `the trusted profile ${ID}, assumed by an API key`,
    });
    expect((await assumed(ID, {}, 'iamrefresh')).shows).toMatch(/assumed by a session$/);
  });

  it.each([ID, CRN])('has a user name of its own at ICR, with the key: %s', async (text) => {
    const { keyLogin } = await assumed(text);
    expect(keyLogin?.username).toBe(ID);
    expect((await keyLogin?.reveal())?.reveal()).toBe('secret of id');
    expect(keyLogin?.key).toMatchObject({ type: 'api-key', fingerprint: 'id' });
  });

  it('has none where only its name is known', async () => {
    expect(await assumed('builds', { account: 'a1' })).not.toHaveProperty('keyLogin');
  });

  it('is not known by its name alone: that means something in one account only', async () => {
    await expect(assumed('builds')).rejects.toMatchObject({
      code: 'settings',
      message: 'profiles.work.trustedProfile is a name, which means something in one account only',
      hint: expect.stringContaining('profiles.work.account'),
    });
  });

  it('is assumed by the key of a file too', async () => {
    const settings = settingsOf({ keyFile: keyFile('k1'), trustedProfile: ID });
    expect(await work({ settings })).toMatchObject({
      shows: expect.stringContaining('assumed by an API key'),
    });
  });

  it('is the machine’s where the settings name a compute identity', async () => {
    const both = { computeIdentity: 'vpc' };
    expect(await assumed(ID, both)).toMatchObject({ type: 'api-key' });
  });

  it('is no affair of what is handed out as it is', async () => {
    await expect(assumed(ID, {}, 'anna')).rejects.toMatchObject({
      code: 'settings',
      message: 'profiles.work.trustedProfile cannot be assumed by what is stored for the profile',
      hint: 'log in with an API key: docker-credential-icr login --profile work',
    });
  });
});
