import { describe, expect, it } from 'vitest';
import {
  apiKeyGrant,
  authorizationCodeGrant,
  passcodeGrant,
  refreshTokenGrant,
} from '../../../src/iam/grants.ts';
import { rejection } from '../../../src/iam/rejection.ts';
import { Secret } from '../../../src/secret.ts';

const ISSUER = 'https://iam.cloud.ibm.com';
const KEY = apiKeyGrant(new Secret('canary'), false);

function reject(status: number, body: object | string, grant = KEY) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return rejection({ status, header: () => null, body: text }, ISSUER, grant);
}

describe('IAM’s no', () => {
  it('is said with its code, its words and its request id', () => {
    const body = { errorCode: 'BXNIM0415E', errorMessage: 'No key.', context: { requestId: 'id-1' } };
    expect(reject(400, body)).toMatchObject({
      code: 'rejected',
      message: 'IAM at iam.cloud.ibm.com refuses the API key: No key. (BXNIM0415E, request id id-1)',
      hint: expect.stringContaining('https://cloud.ibm.com/iam/apikeys and log in'),
    });
  });

  it.each([
    [{}, 'no message (X)'],
    [{ errorMessage: 7, context: null }, 'no message (X)'],
    [{ errorMessage: 'No.', context: { requestId: 7 } }, 'No. (X)'],
    [
      { errorMessage: 'canary is no key', context: { requestId: 'canary' } },
      '[secret] is no key (X, request id [secret])',
    ],
    [{ errorMessage: 'x'.repeat(300) }, `${'x'.repeat(300)} (X)`],
    [{ errorMessage: 'x'.repeat(301) }, `${'x'.repeat(300)}… (X)`],
    [{ context: { requestId: 'y'.repeat(101) } }, `no message (X, request id ${'y'.repeat(100)}…)`],
  ])('%j: %s', (more, said) => {
    expect(reject(400, { errorCode: 'X', ...more }).message).toBe(
      `IAM at iam.cloud.ibm.com refuses the API key: ${said}`,
    );
  });

  it.each([
    ['BXNIM0415E', 'create one'],
    ['BXNIM0462E', 'enable the key again'],
    ['BXNIM0410E', 'log in as another'],
    ['BXNIM0436E', 'ask the owner of the account'],
  ])('%s comes with what to do', (errorCode, hint) => {
    expect(reject(400, { errorCode }).hint).toContain(hint);
  });

  it.each([
    ['BXNIM0415E', 'correct or unset it'],
    ['BXNIM0462E', 'enable the key again'],
    ['BXNIM0410E', 'put the key of another'],
    ['BXNIM0436E', 'ask the owner of the account'],
    ['X', 'correct or unset it'],
  ])('%s for a key that no login stored names the place, and no login', (errorCode, hint) => {
    const error = reject(400, { errorCode }, apiKeyGrant(new Secret('canary'), false, 'in ICR_API_KEY'));
    expect(error.message).toContain('refuses the API key in ICR_API_KEY: ');
    expect(error.hint).toContain(hint);
    expect(error.hint).not.toContain('log in');
  });

  it('of another code comes with what the grant says', () => {
    const word = new Secret('x');
    expect(reject(400, { errorCode: 'X' })).toMatchObject({ code: 'rejected', hint: undefined });
    expect(reject(400, { errorCode: 'X' }, passcodeGrant(word)).hint).toContain('good once');
    const code = authorizationCodeGrant(word, 'http://localhost:1/', word);
    expect(reject(400, { errorCode: 'X' }, code).hint).toContain('login --sso');
    expect(reject(401, { errorCode: 'X' }, refreshTokenGrant(word))).toMatchObject({
      message: 'IAM at iam.cloud.ibm.com refuses the refresh token: no message (X)',
      hint: undefined,
    });
  });

  it.each(['BXNIM0408E', 'BXNIM0439E'])('%s to a refresh token is the end of the session', (errorCode) => {
    expect(reject(400, { errorCode }, refreshTokenGrant(new Secret('x')))).toMatchObject({
      code: 'rejected',
      message: `the session at iam.cloud.ibm.com is over: no message (${errorCode})`,
      hint: undefined,
    });
    expect(reject(400, { errorCode }).message).toContain('refuses the API key');
  });
});

describe('a failure of IAM’s', () => {
  it.each([429, 500, 503])('HTTP %i passes', (status) => {
    expect(reject(status, { errorCode: 'X', errorMessage: 'Busy.' })).toMatchObject({
      code: 'unreachable',
      message: `IAM at iam.cloud.ibm.com fails with HTTP ${status}: Busy. (X)`,
      hint: 'try again in a minute',
    });
  });

  it('says what to do where that is known', () => {
    expect(reject(500, { errorCode: 'BXNIM0462E' }).hint).toContain('enable the key again');
  });
});

describe('who is not IAM', () => {
  it.each(['<html>canary', '{}', 'null', '{"errorCode":7}', '"x"'])('is not quoted: %s', (body) => {
    expect(reject(403, body)).toMatchObject({
      code: 'unreachable',
      message: 'iam.cloud.ibm.com answered HTTP 403, but not as IAM does',
      hint: expect.stringContaining('proxy or captive portal'),
    });
  });

  it('may have had too many requests', () => {
    expect(reject(429, '')).toMatchObject({
      code: 'unreachable',
      message: 'IAM at iam.cloud.ibm.com has too many requests (HTTP 429)',
      hint: 'try again in a minute',
    });
  });
});
