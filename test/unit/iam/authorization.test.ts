import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { authorizationRequest, codeFrom, isAnswerTo } from '../../../src/iam/authorization.ts';

const ENDPOINT = new URL('https://identity-3.us-east.iam.cloud.ibm.com/identity/authorize?realm=x');

describe('a request for a code', () => {
  it('is a page of IAM, in the name of the CLI’s client', () => {
    const { page, redirectUri, state, verifier } = authorizationRequest(ENDPOINT, 49152);
    const query = new URL(page).searchParams;
    expect(page).toMatch(`${ENDPOINT.href}&`);
    expect(Object.fromEntries(query)).toEqual({
      realm: 'x',
      response_type: 'code',
      client_id: 'bx',
      redirect_uri: 'http://localhost:49152/',
      state,
      code_challenge: createHash('sha256').update(verifier.reveal()).digest('base64url'),
      code_challenge_method: 'S256',
    });
    expect(redirectUri).toBe('http://localhost:49152/');
  });

  it('leaves the endpoint as it was', () => {
    authorizationRequest(ENDPOINT, 49152);
    expect(ENDPOINT.search).toBe('?realm=x');
  });

  it('has a verifier and a state of 43 letters, new each time', () => {
    const requests = [authorizationRequest(ENDPOINT, 49152), authorizationRequest(ENDPOINT, 49152)];
    const words = requests.flatMap(({ state, verifier }) => [state, verifier.reveal()]);
    for (const word of words) expect(word).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(new Set(words).size).toBe(4);
  });
});

describe('what the browser brings back', () => {
  const come = (query: string) => codeFrom(new URLSearchParams(query));
  const refused = (message: string) =>
    expect.objectContaining({ code: 'rejected', message, hint: expect.stringContaining('--sso') });

  it('is a code', () => {
    expect(come('state=ours&code=c0de')).toBe('c0de');
  });

  it.each(['state=ours&code=c', 'state=ours&error=x', 'error=&state=ours'])('%s is an answer', (query) => {
    expect(isAnswerTo('ours', new URLSearchParams(query))).toBe(true);
  });

  it.each([
    'code=c',
    'state=&code=c',
    'state=theirs&code=c',
    'state=theirs&error=x',
    'state=ours&state=ours&code=c',
    'state=ours',
    '',
  ])('%s is none', (query) => {
    expect(isAnswerTo('ours', new URLSearchParams(query))).toBe(false);
  });

  it.each(['state=ours', 'state=ours&code=', 'state=ours&code=a&code=b'])('%s has no code', (query) => {
    expect(() => come(query)).toThrow(refused('the browser came back without a code'));
  });

  it.each([
    ['access_denied', ' (access_denied)'],
    ['x'.repeat(40), ` (${'x'.repeat(40)})`],
    ['x'.repeat(41), ''],
    ['', ''],
    ['<b>', ''],
    ['ok\u001b[2J', ''],
    ['Xaccess', ''],
  ])('error %j is quoted only if it is a word', (error, said) => {
    const query = new URLSearchParams({ state: 'ours', error, code: 'c' }).toString();
    expect(() => come(query)).toThrow(refused(`IBM Cloud did not let the login through${said}`));
  });
});
