import { describe, expect, it } from 'vitest';
import {
  apiKeyGrant,
  assumeGrant,
  authorizationCodeGrant,
  crTokenGrant,
  type Grant,
  passcodeGrant,
  refreshTokenGrant,
} from '../../../src/iam/grants.ts';
import { Secret } from '../../../src/secret.ts';

const word = new Secret('word');
const ID = { id: 'Profile-00000000-1111-2222-3333-444444444444' };
const IBM = 'urn:ibm:params:oauth:grant-type';

/** What IAM's token endpoint is documented to take (IBM docs: IAM Identity Services; RFC 6749, 7636). */
describe('the form of', () => {
  it.each<[string, Grant, Record<string, string>]>([
    [
      'an API key',
      apiKeyGrant(word, false),
      { grant_type: `${IBM}:apikey`, response_type: 'cloud_iam', apikey: 'word' },
    ],
    ['a refresh token', refreshTokenGrant(word), { grant_type: 'refresh_token', refresh_token: 'word' }],
    ['a passcode', passcodeGrant(word), { grant_type: `${IBM}:passcode`, passcode: 'word' }],
    [
      'an authorization code',
      authorizationCodeGrant(word, 'http://localhost:1/', new Secret('verifier')),
      {
        grant_type: 'authorization_code',
        code: 'word',
        redirect_uri: 'http://localhost:1/',
        code_verifier: 'verifier',
      },
    ],
    [
      'a compute resource token, for a profile by id',
      crTokenGrant(word, ID),
      { grant_type: `${IBM}:cr-token`, cr_token: 'word', profile_id: ID.id },
    ],
    [
      'a compute resource token, for a profile by CRN',
      crTokenGrant(word, { crn: 'crn:v1:x' }),
      { grant_type: `${IBM}:cr-token`, cr_token: 'word', profile_crn: 'crn:v1:x' },
    ],
    [
      'an access token that assumes a profile by name',
      assumeGrant(word, { name: 'builds', account: 'a1' }),
      { grant_type: `${IBM}:assume`, access_token: 'word', profile_name: 'builds', account: 'a1' },
    ],
    [
      'the same without an account',
      assumeGrant(word, { name: 'builds' }),
      { grant_type: `${IBM}:assume`, access_token: 'word', profile_name: 'builds' },
    ],
  ])('%s', (_, grant, form) => {
    expect(grant.form).toEqual(form);
    expect(grant.secret).toBe(word);
  });
});

it('a session is asked for as the client that may refresh it', () => {
  const asClient = [apiKeyGrant(word, true), refreshTokenGrant(word), passcodeGrant(word)];
  asClient.push(authorizationCodeGrant(word, 'http://localhost:1/', word));
  expect(asClient.map((grant) => grant.asCliClient)).toEqual([true, true, true, true]);
  const asNobody = [apiKeyGrant(word, false), crTokenGrant(word, ID), assumeGrant(word, ID)];
  expect(asNobody.map((grant) => grant.asCliClient)).toEqual([false, false, false]);
});

it('what is good for one try is shown once, what is good for many again', () => {
  const once = [refreshTokenGrant(word), passcodeGrant(word), authorizationCodeGrant(word, '', word)];
  expect(once.map(({ repeatable }) => repeatable)).toEqual([false, false, false]);
  const often = [apiKeyGrant(word, true), crTokenGrant(word, ID), assumeGrant(word, ID)];
  expect(often.map(({ repeatable }) => repeatable)).toEqual([true, true, true]);
});

it('messages can say what was shown', () => {
  const grants = [apiKeyGrant(word, true), refreshTokenGrant(word), passcodeGrant(word)];
  grants.push(authorizationCodeGrant(word, '', word), crTokenGrant(word, ID), assumeGrant(word, ID));
  expect(grants.map(({ shows }) => shows)).toEqual([
    'API key',
    'refresh token',
    'one-time passcode',
    'authorization code',
    'compute resource token',
    'access token',
  ]);
});
