import { describe, expect, it } from 'vitest';
import { parseTrustedProfile, profileFields, profileIdOf } from '../../../src/iam/trusted-profile.ts';

const ID = 'Profile-00000000-1111-2222-3333-44444444abcd';
const parse = (text: string, account?: string) => parseTrustedProfile(text, account, 'trustedProfile');

describe('a trusted profile', () => {
  it.each([
    [ID, { id: ID }],
    [ID.toUpperCase(), { id: ID.toUpperCase() }],
    ['crn:v1:x::profile:y', { crn: 'crn:v1:x::profile:y' }],
    ['my builds', { name: 'my builds' }],
    [`x${ID}`, { name: `x${ID}` }],
    [`${ID}0`, { name: `${ID}0` }],
    ['crn:a b', { name: 'crn:a b' }],
    ['crn:', { name: 'crn:' }],
    ['xcrn:v1', { name: 'xcrn:v1' }],
    ['a'.repeat(100), { name: 'a'.repeat(100) }],
    ['Entwürfe 😀', { name: 'Entwürfe 😀' }],
  ])('%s is %j', (text, profile) => expect(parse(text)).toStrictEqual(profile));

  it('is looked for in an account only by its name', () => {
    expect(parse('builds', 'a1')).toEqual({ name: 'builds', account: 'a1' });
    expect(parse(ID, 'a1')).toEqual({ id: ID });
  });

  it.each(['', '\n', 'a\nb', 'a\u2028b', 'a\u2029', 'a\u202eb', 'a'.repeat(101)])('is not %j', (text) => {
    expect(() => parse(text)).toThrow(
      expect.objectContaining({
        code: 'settings',
        message: 'trustedProfile is no id, CRN or name of a trusted profile',
        hint: expect.stringContaining('ibmcloud iam trusted-profiles'),
      }),
    );
  });
});

it.each([
  [{ id: ID }, { profile_id: ID }],
  [{ crn: 'crn:v1' }, { profile_crn: 'crn:v1' }],
  [{ name: 'builds' }, { profile_name: 'builds' }],
  [
    { name: 'builds', account: 'a1' },
    { profile_name: 'builds', account: 'a1' },
  ],
])('%j is told to IAM as %j', (profile, fields) => expect(profileFields(profile)).toStrictEqual(fields));

describe('its id, which ICR takes as a user name', () => {
  it.each([
    [{ id: ID }, ID],
    [{ crn: `crn:v1:bluemix:public:iam-identity::a/1::profile:${ID}` }, ID],
    [{ crn: `crn:v1:bluemix:public:iam-identity::a/1::profile:${ID}x` }, null],
    [{ crn: `crn:v1:x${ID}` }, null],
    [{ crn: 'crn:v1:other' }, null],
    [{ name: ID }, null],
  ])('of %j is %s', (profile, id) => expect(profileIdOf(profile)).toBe(id));
});
