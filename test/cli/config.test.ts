import { lstatSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SETTINGS_SCHEMA } from '../../src/config/settings-schema.ts';
import { runHelper } from '../support/executable.ts';
import { makeHome } from '../support/test-home.ts';

const config = (env: Record<string, string>, ...args: string[]) => runHelper(['config', ...args], { env });

describe('config', () => {
  it('sets, gets, lists and unsets, and leaves nothing empty behind', async () => {
    const { env } = makeHome();
    const path = (await config(env, 'path')).stdout.trim();
    for (const [key, value] of [
      ['credentialKind', 'iamrefresh'],
      ['registries.us.icr.io.profile', 'work'],
      ['registries.us.icr.io/team.credentialKind', 'iamapikey'],
      ['profiles.work.keyFile', '/run/secrets/key'],
    ] as const) {
      expect(await config(env, 'set', key, value)).toEqual({ code: 0, stdout: '', stderr: '' });
      expect(await config(env, 'get', key)).toEqual({ code: 0, stdout: `${value}\n`, stderr: '' });
    }
    expect(JSON.parse((await config(env, 'list')).stdout)).toEqual(JSON.parse(readFileSync(path, 'utf8')));
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({
      credentialKind: 'iamrefresh',
      registries: { 'us.icr.io': { profile: 'work' }, 'us.icr.io/team': { credentialKind: 'iamapikey' } },
      profiles: { work: { keyFile: '/run/secrets/key' } },
    });
    await config(env, 'unset', 'registries.us.icr.io.profile');
    await config(env, 'unset', 'registries.us.icr.io/team.credentialKind');
    expect(JSON.parse(readFileSync(path, 'utf8'))).not.toHaveProperty('registries');
    expect(await config(env, 'get', 'store')).toEqual({ code: 1, stdout: '', stderr: '' });
  });

  it('writes what is true or false as such', async () => {
    const { env } = makeHome();
    for (const value of [false, true]) {
      expect(await config(env, 'set', 'ibmcloudSession', String(value))).toMatchObject({ code: 0 });
      expect(JSON.parse((await config(env, 'list')).stdout)).toEqual({ ibmcloudSession: value });
      expect((await config(env, 'get', 'ibmcloudSession')).stdout).toBe(`${value}\n`);
    }
  });

  it('takes what a profile needs for an identity of its machine', async () => {
    const { env } = makeHome();
    const profile = {
      computeIdentity: 'vpc',
      metadataUrl: 'https://api.metadata.cloud.ibm.com',
      trustedProfile: 'builder',
      account: '0123456789abcdef0123456789abcdef',
      tokenFile: '/var/run/secrets/tokens/sa-token',
    };
    for (const [key, value] of Object.entries(profile))
      expect(await config(env, 'set', `profiles.work.${key}`, value)).toMatchObject({ code: 0 });
    expect(JSON.parse((await config(env, 'list')).stdout)).toEqual({ profiles: { work: profile } });
  });

  it.each([
    [['set', 'credentialKnd', 'iambearer'], 'did you mean credentialKind?'],
    [['set', 'credentialKind', 'bearer'], 'not one of iambearer, iamapikey, iamrefresh'],
    [['set', 'credentialKind'], 'no value is given'],
    [['set', 'registries', 'x'], 'there is no setting registries'],
    [['set', 'iamEndpoint', 'notaurl'], 'iamEndpoint is not a URL'],
    [['set', 'registries.us.icr.oi.profile', 'work'], 'us.icr.oi is not a registry'],
    [['set', 'registries.US.icr.io.profile', 'work'], 'write it as us.icr.io\n'],
    [['set', 'registries.https://us.icr.io/team.profile', 'work'], 'write it as us.icr.io/team\n'],
    [['set', 'profiles.work.keyFile', '~/key'], 'is not an absolute path'],
    [['set', 'privateIamEndpoint', 'notaurl'], 'privateIamEndpoint is not a URL'],
    [['set', 'ibmcloudSession', 'no'], 'ibmcloudSession is neither true nor false'],
    [['set', 'profiles.Work.keyFile', '/key'], '"Work" is not a name of a profile'],
    [['set', 'profiles.work.computeIdentity', 'vm'], 'not one of container, vpc, power-vs'],
    [
      ['set', 'profiles.work.tokenFile', 'token'],
      'profiles.work.tokenFile is token, which is not an absolute',
    ],
    [['set', 'profiles.work.metadataUrl', 'http://metadata.example'], 'is not the address of an instance'],
    [['set', 'profiles.work.trustedProfile', 'a\tb'], 'is no id, CRN or name of a trusted profile'],
    [['set', 'profiles.work.account', '123'], 'is not the id of an account'],
    [['get'], 'no setting is named'],
  ])('%j: %s', async (args, problem) => {
    const { env } = makeHome();
    expect(await config(env, ...args)).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining(problem),
    });
  });

  it('reports what nobody knows, with the nearest name, and works all the same', async () => {
    const home = makeHome();
    home.configure({
      credentialKnd: 'iambearer',
      registries: { 'us.icr.io': { profil: 'x' } },
      something: 1,
    });
    const run = await config(home.env, 'list');
    expect(run.code).toBe(0);
    expect(run.stderr).toContain('nobody knows credentialKnd, did you mean credentialKind?');
    expect(run.stderr).toContain('nobody knows registries.us.icr.io.profil, did you mean profile?');
    expect(run.stderr).toMatch(/nobody knows something\n/);
  });

  it('mends a file with wrong values, one by one, and says what is left', async () => {
    const home = makeHome();
    home.configure({ store: 'disk', credentialKind: 'bearer', registries: { 'us.icr.io': [] } });
    const left = async (...args: string[]) => {
      const { code, stderr } = await config(home.env, ...args);
      return [code, /: ([^:\n]*)\n$/.exec(stderr)?.[1]];
    };
    expect(await left('set', 'store', 'nowhere')).toEqual([1, 'nothing was changed']);
    expect(await left('set', 'store', 'file')).toEqual([
      0,
      'credentialKind is "bearer", not one of iambearer, iamapikey, iamrefresh',
    ]);
    expect(await left('unset', 'credentialKind')).toEqual([0, 'registries.us.icr.io is not an object']);
    expect(await left('set', 'registries.us.icr.io.profile', 'work')).toEqual([0, undefined]);
    expect(JSON.parse((await config(home.env, 'list')).stdout)).toEqual({
      store: 'file',
      registries: { 'us.icr.io': { profile: 'work' } },
    });
  });

  it('removes and shows what stands there: unknown keys, members, groups', async () => {
    const home = makeHome();
    const profiles = { default: { keyFile: '/k', kefile: 'x' }, 'a.b': { account: 'c' } };
    home.configure({ credentailKind: 'x', registries: { 'us.icr.io': { profile: 'a.b' } }, profiles });
    const show = async (key: string) => JSON.parse((await config(home.env, 'get', key)).stdout);
    expect(await show('profiles')).toEqual(profiles);
    expect(await show('profiles.a.b')).toEqual(profiles['a.b']);
    for (const key of ['credentailKind', 'profiles.default.kefile', 'profiles.a.b', 'registries'])
      expect(await config(home.env, 'unset', key)).toMatchObject({ code: 0, stdout: '' });
    expect(JSON.parse((await config(home.env, 'list')).stdout)).toEqual({
      profiles: { default: { keyFile: '/k' } },
    });
    expect(await config(home.env, 'unset', 'profiles.default')).toMatchObject({ code: 0, stderr: '' });
    expect(await config(home.env, 'get', 'profiles')).toEqual({ code: 1, stdout: '', stderr: '' });
    expect(await config(home.env, 'unset', 'profles')).toMatchObject({ code: 1 });
  });

  it.each([
    [['get', 'store', 'file'], 'config get takes no value'],
    [['unset', 'store', 'file'], 'config unset takes no value'],
    [['list', 'store'], 'config list takes no setting'],
    [['path', 'store'], 'config path takes no setting'],
  ])('%j: %s', async (args, problem) => {
    const home = makeHome();
    home.configure({ store: 'keychain' });
    const run = await config(home.env, ...args);
    expect(run).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(problem) });
    expect((await config(home.env, 'get', 'store')).stdout).toBe('keychain\n');
  });

  it.each(['{}', null])('writes through a link to %j', async (content) => {
    const { env, folder } = makeHome();
    const path = (await config(env, 'path')).stdout.trim();
    mkdirSync(dirname(path), { recursive: true });
    if (content !== null) writeFileSync(join(folder, 'dotfile.json'), content);
    symlinkSync(join(folder, 'dotfile.json'), path);
    await config(env, 'set', 'store', 'file');
    expect(lstatSync(path).isSymbolicLink()).toBe(true);
    expect(JSON.parse(readFileSync(join(folder, 'dotfile.json'), 'utf8'))).toEqual({ store: 'file' });
  });
});

it('the published schema is the one that the program knows', () => {
  const published = readFileSync(new URL('../../docs/settings.schema.json', import.meta.url), 'utf8');
  expect(JSON.parse(published)).toEqual(SETTINGS_SCHEMA);
});
