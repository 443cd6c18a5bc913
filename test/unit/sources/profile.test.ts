import { describe, expect, it } from 'vitest';
import type { SessionCredential, TokenCredential } from '../../../src/credential.ts';
import { HelperError } from '../../../src/errors.ts';
import type { Grant } from '../../../src/iam/grants.ts';
import { Secret } from '../../../src/secret.ts';
import { inTrustedProfile } from '../../../src/sources/profile.ts';

const PROFILE = 'Profile-00000000-1111-2222-3333-444444444444';

const session: SessionCredential = {
  type: 'session',
  fingerprint: 'id',
  issuer: 'https://iam.cloud.ibm.com',
  reveal: async () => new Secret('refresh'),
  replace: async () => {},
};

const tokens = (accessToken: string) => ({ accessToken, receivedAt: 0, expiresIn: 3600 });

async function obtain(exchange: (grant: Grant) => Promise<ReturnType<typeof tokens>>) {
  const credential = inTrustedProfile(session, 'work', { trustedProfile: PROFILE }) as TokenCredential;
  const http = () => Promise.reject(new Error('no network here'));
  const got = await credential.obtain({ exchange, http, base: tokens('base') });
  return { base: credential.base, tokens: got };
}

describe('a trusted profile that a session assumes', () => {
  it('is asked for with an access token of the session, which is renewed in its own place', async () => {
    const grants: Grant[] = [];
    const { base, tokens: got } = await obtain(async (grant) => {
      grants.push(grant);
      return tokens('profile');
    });
    expect(base).toEqual(session);
    expect(got.accessToken).toBe('profile');
    expect(grants.map(({ form }) => form)).toEqual([
      {
        grant_type: 'urn:ibm:params:oauth:grant-type:assume',
        access_token: 'base',
        profile_id: PROFILE,
      },
    ]);
  });

  it('says what it is made from', () => {
    const shown = (inTrustedProfile(session, 'work', { trustedProfile: PROFILE }) as TokenCredential).shows;
    expect(shown).toBe(`the trusted profile ${PROFILE}, assumed by a session`);
  });

  it('has no user name of its own at ICR, for want of a key', () => {
    expect(inTrustedProfile(session, 'work', { trustedProfile: PROFILE })).not.toHaveProperty('keyLogin');
  });

  it.each([
    [new HelperError('rejected', 'no'), { message: 'no', hint: expect.stringContaining(PROFILE) }],
    [new HelperError('rejected', 'no', { hint: 'its own' }), { hint: 'its own' }],
    [new HelperError('unreachable', 'no'), { code: 'unreachable', hint: undefined }],
  ])('%#: an error keeps what it is', async (error, expected) => {
    await expect(obtain(() => Promise.reject(error))).rejects.toMatchObject(expected);
  });

  it('is another one for another base, profile or account', () => {
    const of = (fingerprint: string, trustedProfile: string, account?: string) => {
      const base = { ...session, fingerprint };
      const settings = { trustedProfile, ...(account !== undefined && { account }) };
      return (inTrustedProfile(base, 'work', settings) as TokenCredential).fingerprint;
    };
    const all = [of('a', PROFILE), of('b', PROFILE), of('a', 'n', '1'), of('a', 'n', '2'), of('a', 'm', '1')];
    expect(new Set(all).size).toBe(all.length);
  });

  it('cannot be assumed by what is handed out as it is', () => {
    const ready = { type: 'ready', username: 'x', reveal: session.reveal } as const;
    expect(() => inTrustedProfile(ready, 'work', { trustedProfile: PROFILE })).toThrow('cannot be assumed');
    expect(inTrustedProfile(ready, 'work', {})).toBe(ready);
  });
});
