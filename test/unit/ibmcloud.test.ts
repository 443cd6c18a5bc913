import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { environmentFor, parseOauthTokens } from '../../src/ibmcloud/cli.ts';
import { parseCliConfig } from '../../src/ibmcloud/config-file.ts';
import { configFile, configFolder } from '../../src/ibmcloud/config-folder.ts';
import { renewSession } from '../../src/ibmcloud/renew.ts';
import type { CliSession } from '../../src/ibmcloud/session.ts';
import { isAlive } from '../../src/tokens.ts';
import { makeHome } from '../support/test-home.ts';
import { testSystem } from '../support/test-system.ts';
import { unsignedToken } from '../support/unsigned-token.ts';

const NOW = 1_800_000_000_000;

/** A token with this many seconds left. */
function tokenFor(left: number): string {
  return unsignedToken({ iam_id: 'IBMid-anna', iat: NOW / 1000 + left - 3600, exp: NOW / 1000 + left });
}

function loginIn(config: object, path = '/c/config.json') {
  const parsed = parseCliConfig(JSON.stringify(config), path);
  if (parsed.state !== 'logged in') throw new Error(parsed.state);
  return parsed.login;
}

describe('config.json', () => {
  const whole = {
    IAMToken: 'Bearer a.b.c',
    IAMRefreshToken: 'r',
    IAMEndpoint: 'https://iam.cloud.ibm.com',
    IAMPrivateEndpoint: 'https://private.iam.cloud.ibm.com',
    IAMPrivateVPCEndpoint: 'https://private.us-south.iam.cloud.ibm.com',
    Account: { GUID: 'one' },
  };

  it.each([
    [{}, 'https://iam.cloud.ibm.com'],
    [{ IsPrivate: true }, 'https://private.iam.cloud.ibm.com'],
    [{ IsPrivate: true, IsAccessFromVPC: true }, 'https://private.us-south.iam.cloud.ibm.com'],
    [{ IsAccessFromVPC: true }, 'https://iam.cloud.ibm.com'],
    [{ IsPrivate: true, IAMPrivateEndpoint: '' }, 'https://iam.cloud.ibm.com'],
    [{ IsPrivate: 'yes' }, 'https://iam.cloud.ibm.com'],
  ])('%j: the endpoint that the CLI asks', (changes, endpoint) => {
    expect(loginIn({ ...whole, ...changes })).toMatchObject({ endpoint, accessToken: 'a.b.c' });
  });

  it('a change of path, account or refresh token is another credential; a token only where it is all there is', () => {
    const { fingerprint } = loginIn(whole);
    expect(loginIn({ ...whole, IAMToken: 'Bearer d.e.f', Region: 'eu-de' }).fingerprint).toBe(fingerprint);
    for (const changes of [{ IAMRefreshToken: 's' }, { Account: { GUID: 'two' } }, { Account: null }]) {
      expect(loginIn({ ...whole, ...changes }).fingerprint).not.toBe(fingerprint);
    }
    expect(loginIn(whole, '/d/config.json').fingerprint).not.toBe(fingerprint);
    const bare = { ...whole, IAMRefreshToken: '' };
    expect(loginIn(bare).fingerprint).not.toBe(loginIn({ ...bare, IAMToken: 'Bearer d.e.f' }).fingerprint);
  });
});

describe('the folder', () => {
  const windows = (env: Record<string, string>) => {
    const system = testSystem({ platform: 'win32', env });
    return configFile(configFolder(system) ?? '', system);
  };

  it('on Windows: HOMEDRIVE and HOMEPATH before USERPROFILE', () => {
    expect(windows({ HOMEDRIVE: 'C:', HOMEPATH: '\\Users\\a', USERPROFILE: 'D:\\b' })).toBe(
      'C:\\Users\\a\\.bluemix\\config.json',
    );
    expect(windows({ USERPROFILE: 'D:\\b' })).toBe('D:\\b\\.bluemix\\config.json');
    expect(windows({ IBMCLOUD_CONFIG_HOME: 'E:\\c' })).toBe('E:\\c\\config.json');
    expect(windows({ IBMCLOUD_CONFIG_HOME: 'c', IBMCLOUD_HOME: '..\\d' })).toBe(windows({}));
  });

  it('without HOME: the home that the system has on file; else none', () => {
    const { folder } = makeHome();
    mkdirSync(join(folder, '.ibmcloud'));
    expect(configFolder(testSystem({ accountHome: () => folder }))).toBe(join(folder, '.ibmcloud'));
    expect(configFolder(testSystem())).toBeNull();
  });
});

describe('what the CLI prints', () => {
  it.each([
    ['{"iam_token":"Bearer a.b-_.c"}', 'a.b-_.c'],
    ['{\n  "iam_token": "Bearer  a.b.c",\n  "uaa_token": ""\n}', 'a.b.c'],
    ['A new version {is} there.\n{"iam_token": "a.b.c"}\nTIP', 'a.b.c'],
    ['IAM token:  Bearer a.b.c', null],
    ['{"iam_token": ""}', null],
    ['{"iam_token": "Bearer a.b"}', null],
    ['{"iam_token": "Bearer a.b.c d"}', null],
    ['{"iam_token": null}', null],
    ['', null],
  ])('%j gives %j', (stdout, token) => {
    expect(parseOauthTokens(stdout)).toBe(token);
  });

  it('its environment is made of names that are allowed, never of what is there', () => {
    const env = { HOME: '/h', https_proxy: 'p', ICR_API_KEY: 's', IBMCLOUD_API_KEY: 's', LD_PRELOAD: 's' };
    const made = environmentFor('/c', { ...env, IBMCLOUD_CONFIG_HOME: '/other' });
    expect(made).toMatchObject({ HOME: '/h', https_proxy: 'p', IBMCLOUD_CONFIG_HOME: '/c' });
    expect(Object.values(made)).not.toContain('s');
  });
});

describe('a renewal', () => {
  /** With a CLI on PATH that gives this token. */
  function setUp(accessToken: string) {
    const { folder } = makeHome();
    writeFileSync(join(folder, 'ibmcloud'), '', { mode: 0o755 });
    const run = vi.fn(async () => ({
      exitCode: 0,
      stdout: JSON.stringify({ iam_token: `Bearer ${accessToken}` }),
      stderr: '',
    }));
    const session: CliSession = {
      folder,
      issuer: 'https://iam.cloud.ibm.com',
      fingerprint: 'f',
      accessToken: tokenFor(600),
      current: null,
      spare: null,
    };
    return { run, session, system: testSystem({ now: () => NOW, env: { PATH: folder }, run }) };
  }

  it('gives what the CLI gives, with the life that is left', async () => {
    const accessToken = tokenFor(3000);
    const { run, session, system } = setUp(accessToken);
    const tokens = await renewSession(async () => ({ session }), system);
    expect(tokens).toEqual({ accessToken, receivedAt: NOW, expiresIn: 3000 });
    expect(run).toHaveBeenCalledOnce();
  });

  it('runs nothing where the file has been renewed meanwhile', async () => {
    const { run, session, system } = setUp(tokenFor(3000));
    const accessToken = tokenFor(3500);
    const current = { accessToken, receivedAt: NOW - 100_000, expiresIn: 3600 };
    const tokens = await renewSession(
      async () => ({ session: { ...session, accessToken, current } }),
      system,
    );
    expect(tokens).toEqual({ accessToken, receivedAt: NOW, expiresIn: 3500 });
    expect(run).not.toHaveBeenCalled();
  });

  it('ends where the CLI was logged out meanwhile', async () => {
    const { run, system } = setUp(tokenFor(3000));
    const renewed = renewSession(async () => ({ session: null, reason: 'gone' }), system);
    await expect(renewed).rejects.toMatchObject({ code: 'expired' });
    expect(run).not.toHaveBeenCalled();
  });
});

describe('a token that others renew', () => {
  it.each([
    [3600, true],
    [720, true],
    [719, false],
    [0, false],
    [-1, false],
  ])('with %i of 3600 s left: %s', (left, alive) => {
    const tokens = { accessToken: 't', receivedAt: NOW - (3600 - left) * 1000, expiresIn: 3600 };
    expect(isAlive(tokens, NOW)).toBe(alive);
  });
});
