import { describe, expect, it } from 'vitest';
import type { HttpRequest, HttpResponse } from '../../../src/http.ts';
import { discoverPage } from '../../../src/iam/discovery.ts';

const IBM = 'https://iam.cloud.ibm.com';
const OWN = 'https://iam.example:8443';

function discover(issuer: string, response: Partial<HttpResponse> | string) {
  const body =
    typeof response === 'string' ? { body: JSON.stringify({ passcode_endpoint: response }) } : response;
  return discoverPage('passcode_endpoint', issuer, async () => ({
    status: 200,
    header: () => null,
    body: '',
    ...body,
  }));
}

describe('a page that IAM names', () => {
  it.each([
    [IBM, 'https://identity-3.us-east.iam.cloud.ibm.com/identity/passcode'],
    [IBM, 'https://iam.cloud.ibm.com/identity/passcode'],
    [IBM, 'https://private.us-south.iam.cloud.ibm.com/identity/passcode'],
    ['https://iam.test.cloud.ibm.com', 'https://identity-1.iam.test.cloud.ibm.com/identity/passcode'],
    [OWN, 'https://iam.example:8443/passcode'],
    [OWN, 'https://iam.cloud.ibm.com/identity/passcode'],
    ['http://127.0.0.1:4000', 'http://127.0.0.1:4000/identity/passcode'],
  ])('of %s: %s is shown', async (issuer, page) => {
    expect((await discover(issuer, page)).href).toBe(page);
  });

  it.each([
    [IBM, 'http://iam.cloud.ibm.com/identity/passcode'],
    [IBM, 'blob:https://iam.cloud.ibm.com/passcode'],
    [OWN, 'blob:https://iam.example:8443/passcode'],
    [IBM, 'https://iam.cloud.ibm.com.example/passcode'],
    [IBM, 'https://example/iam.cloud.ibm.com'],
    [IBM, 'https://iam.cloud.ibm.com@example/passcode'],
    [IBM, 'https://user@iam.cloud.ibm.com/passcode'],
    [IBM, 'https://xiam.cloud.ibm.com/passcode'],
    [IBM, 'https://iam.cloud.ibm.com:8443/passcode'],
    [IBM, 'http://127.0.0.1:4000/passcode'],
    [IBM, 'javascript:alert(1)'],
    [IBM, 'file:///etc/passwd'],
    [OWN, 'https://iam.example/passcode'],
    [OWN, 'http://iam.example:8443/passcode'],
    [OWN, 'https://login.iam.example:8443/passcode'],
    ['http://127.0.0.1:4000', 'http://127.0.0.1:4001/passcode'],
    ['http://127.0.0.1:4000', 'http://localhost:4000/passcode'],
  ])('of %s: %s is not', async (issuer, page) => {
    await expect(discover(issuer, page)).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining("which is neither IBM's nor its own"),
      hint: expect.stringContaining('proxy'),
    });
  });

  it.each([
    ['a proxy’s page', { status: 403, body: '<html>' }, 'answered HTTP 403, but not as IAM does'],
    ['a portal’s page', { body: '<html>' }, 'answered HTTP 200, but not as IAM does'],
    ['null', { body: 'null' }, 'not as IAM does'],
    ['a bare number', { body: '7' }, 'not as IAM does'],
    [
      'a document with an error',
      { status: 404, body: `{"passcode_endpoint":"${IBM}"}` },
      'answered HTTP 404',
    ],
    ['nothing of the kind', { body: '{}' }, 'names no passcode_endpoint'],
    ['a number', { body: '{"passcode_endpoint":1}' }, 'names no passcode_endpoint'],
    ['a list', { body: `{"passcode_endpoint":["${IBM}"]}` }, 'names no passcode_endpoint'],
    ['no address', { body: '{"passcode_endpoint":"/passcode"}' }, 'names no passcode_endpoint'],
  ])('%s is an error', async (_, response, problem) => {
    await expect(discover(IBM, response)).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining(problem),
      hint: expect.stringMatching(problem.startsWith('names') ? 'API key' : 'captive portal'),
    });
  });
});

it('is asked for at the well-known place (OpenID Connect Discovery)', async () => {
  const requests: HttpRequest[] = [];
  const body = JSON.stringify({ authorization_endpoint: `${IBM}/a`, passcode_endpoint: `${IBM}/p` });
  const http = async (request: HttpRequest) => {
    requests.push(request);
    return { status: 200, header: () => null, body };
  };
  expect((await discoverPage('authorization_endpoint', IBM, http)).href).toBe(`${IBM}/a`);
  expect(requests).toEqual([
    {
      method: 'GET',
      url: `${IBM}/identity/.well-known/openid-configuration`,
      headers: {
        Accept: 'application/json',
        'User-Agent': expect.stringMatching(/^docker-credential-icr\/\d/),
      },
      timeoutMs: 12_000,
    },
  ]);
});
