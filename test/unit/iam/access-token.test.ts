import { describe, expect, it } from 'vitest';
import { decodeAccessToken, isSameIdentity } from '../../../src/iam/access-token.ts';
import { identityOf } from '../../../src/iam/identity.ts';

const part = (text: string) => Buffer.from(text).toString('base64url');
const tokenOf = (claims: unknown) => `h.${part(JSON.stringify(claims))}.s`;

const anna = {
  iam_id: 'IBMid-1',
  account: { bss: 'a1' },
  email: 'anna@example.com',
  name: 'Anna',
  sub: 'anna',
  iat: 100,
  exp: 200,
};

describe('the claims of a token', () => {
  it('say whose it is, in which account and for how long', () => {
    expect(decodeAccessToken(tokenOf(anna))).toEqual({
      iamId: 'IBMid-1',
      account: 'a1',
      name: 'anna@example.com',
      expiresAt: 200,
      issuedAt: 100,
    });
  });

  it.each([
    [{ email: undefined }, 'Anna'],
    [{ email: '' }, 'Anna'],
    [{ email: 7 }, 'Anna'],
    [{ email: undefined, name: undefined }, 'anna'],
    [{ email: undefined, name: undefined, sub: undefined }, 'IBMid-1'],
  ])('%j: its name is %s', (changes, name) => {
    expect(decodeAccessToken(tokenOf({ ...anna, ...changes }))?.name).toBe(name);
  });

  it.each([undefined, null, 'a1', { bss: 1 }])('account %j is none', (account) => {
    expect(decodeAccessToken(tokenOf({ ...anna, account }))?.account).toBe('');
  });

  it('need not say when it was made', () => {
    expect(decodeAccessToken(tokenOf({ ...anna, iat: 'now' }))?.issuedAt).toBeNull();
  });

  it.each([
    {},
    { iam_id: '', exp: 1 },
    { iam_id: 1, exp: 1 },
    { iam_id: 'IBMid-1' },
    { iam_id: 'x', exp: '1' },
    null,
  ])('%j are none of IAM', (claims) => {
    expect(decodeAccessToken(tokenOf(claims))).toBeNull();
  });

  it.each(['', 'a', `h.${part(JSON.stringify(anna))}`, `${tokenOf(anna)}.x`, `h.${part('{')}.s`, 'h..s'])(
    '%j is no token',
    (text) => {
      expect(decodeAccessToken(text)).toBeNull();
      expect(identityOf(text)).toBeNull();
    },
  );
});

it('an identity is the same in one account only', () => {
  const claims = decodeAccessToken(tokenOf(anna));
  if (!claims) throw new Error('no claims');
  expect(isSameIdentity(claims, { ...claims, name: 'Anna', expiresAt: 999 })).toBe(true);
  expect(isSameIdentity(claims, { ...claims, account: 'a2' })).toBe(false);
  expect(isSameIdentity(claims, { ...claims, iamId: 'IBMid-2' })).toBe(false);
});

it.each([
  ['IBMid-1', 'user'],
  ['custom-realm-1', 'user'],
  ['iam-ServiceId-1', 'service ID'],
  ['iam-Profile-1', 'trusted profile'],
  ['x-iam-ServiceId-1', 'user'],
  ['x-iam-Profile-1', 'user'],
])('%s is a %s', (iam_id, kind) => {
  expect(identityOf(tokenOf({ ...anna, iam_id }))).toEqual({
    kind,
    name: 'anna@example.com',
    iamId: iam_id,
    account: 'a1',
    expiresAt: 200,
  });
});

it('is shown to people as one line, whatever stands in it', () => {
  const token = tokenOf({ ...anna, iam_id: 'IBMid\u001b[2J', email: 'anna\nsaid', account: { bss: 'a\r1' } });
  expect(identityOf(token)).toMatchObject({ iamId: 'IBMid [2J', name: 'anna said', account: 'a 1' });
});
