import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { TokenCredential } from '../../../src/credential.ts';
import { ibmcloudSession } from '../../../src/sources/ibmcloud-session.ts';
import { hostOf } from '../../support/registry-host.ts';
import { makeHome } from '../../support/test-home.ts';
import { testSystem } from '../../support/test-system.ts';
import { unsignedToken } from '../../support/unsigned-token.ts';

const NOW = 1_800_000_000;
const HOST = hostOf('us.icr.io');

/** A home in which `ibmcloud login` was run; its token has so many seconds left of an hour. */
function sessionWith(left: number, settings: object = {}) {
  const home = makeHome();
  const claims = { iam_id: 'IBMid-1', email: 'anna@example.com', iat: NOW + left - 3600, exp: NOW + left };
  const token = unsignedToken(claims);
  const config = {
    IAMToken: `Bearer ${token}`,
    IAMRefreshToken: 'r',
    IAMEndpoint: 'https://iam.cloud.ibm.com',
  };
  mkdirSync(`${home.folder}/.bluemix`);
  writeFileSync(`${home.folder}/.bluemix/config.json`, JSON.stringify(config));
  const system = testSystem({ env: { ...home.env, PATH: '' }, now: () => NOW * 1000 });
  const logOut = () => rmSync(`${home.folder}/.bluemix`, { recursive: true });
  return { source: ibmcloudSession({ settings, system }), token, logOut };
}

const found = async ({ source }: ReturnType<typeof sessionWith>) =>
  (await source.find(HOST)) as TokenCredential;

describe('the session of the ibmcloud CLI', () => {
  it('is a token that is good for now', async () => {
    const session = sessionWith(1800);
    expect(await found(session)).toMatchObject({
      type: 'token',
      fingerprint: expect.stringMatching(/^ibmcloud:/),
      issuer: 'https://iam.cloud.ibm.com',
      shows: 'the ibmcloud session',
      lastKnown: session.token,
      current: { accessToken: session.token, receivedAt: (NOW - 1800) * 1000, expiresIn: 3600 },
      rotates: true,
      failuresLastMs: 60_000,
    });
  });

  it('is one to be renewed once little of it is left, and a spare to the end', async () => {
    const credential = await found(sessionWith(300));
    expect(credential).not.toHaveProperty('current');
    expect(credential.spare).toMatchObject({ receivedAt: (NOW - 3300) * 1000 });
  });

  it('is looked up again when it is renewed', async () => {
    const session = sessionWith(-1);
    const credential = await found(session);
    session.logOut();
    const unused = () => Promise.reject(new Error('not asked'));
    const services = { exchange: unused, http: unused };
    await expect(credential.obtain(services)).rejects.toMatchObject({
      code: 'expired',
      message: expect.stringContaining('not there any more'),
    });
  });

  it('is nothing where there is none, or where the settings leave it alone', async () => {
    const session = sessionWith(1800);
    session.logOut();
    expect(await found(session)).toBeNull();
    expect(await found(sessionWith(1800, { ibmcloudSession: false }))).toBeNull();
    expect(await sessionWith(1800).source.find(hostOf('stg.icr.io'))).toBeNull();
  });

  it('may run out, so that the next source is asked, and says what it is worth', async () => {
    const { source } = sessionWith(1800);
    expect([source.name, source.lapses]).toEqual(['the ibmcloud session', true]);
    expect(await source.explain?.(HOST)).toEqual({
      words: `anna@example.com (user), alive until ${new Date((NOW + 1800) * 1000).toISOString()}`,
    });
  });
});
