import { describe, expect, it } from 'vitest';
import type { Http, HttpRequest } from '../../../src/http.ts';
import {
  type InstanceKind,
  parseMetadataUrl,
  requestInstanceTokens,
} from '../../../src/iam/instance-metadata.ts';

const URL = 'http://169.254.169.254';

/** Answers as told, one after the other, and lets the clock go on by so much each time. */
function service(answers: [status: number, body: object][], stepMs = 0) {
  const requests: HttpRequest[] = [];
  let now = 1_800_000_000_000;
  const http: Http = async (request) => {
    requests.push(request);
    now += stepMs;
    const [status, body] = answers[requests.length - 1] ?? [500, {}];
    return { status, header: () => null, body: JSON.stringify(body) };
  };
  const request = (kind: InstanceKind = 'vpc') =>
    requestInstanceTokens({ kind, url: URL, profile: null }, http, () => now);
  return { requests, request };
}

describe('the metadata service', () => {
  it('is asked for version 2 only where version 1 is gone', async () => {
    const { requests, request } = service([
      [404, {}],
      [200, { access_token: 'instance' }],
      [200, { access_token: 'a.b.c', expires_in: 1200 }],
    ]);
    expect(await request()).toMatchObject({ accessToken: 'a.b.c', expiresIn: 1200 });
    expect(requests.map(({ method, url }) => `${method} ${url.slice(URL.length)}`)).toEqual([
      'PUT /instance_identity/v1/token?version=2022-03-01',
      'PUT /identity/v1/token?version=2025-08-26',
      'POST /identity/v1/iam_tokens?version=2025-08-26',
    ]);
    expect(requests.every(({ direct }) => direct)).toBe(true);
  });

  it('has five seconds for everything together', async () => {
    const { requests, request } = service(
      [
        [404, {}],
        [200, { access_token: 'instance' }],
      ],
      2_000,
    );
    await expect(request()).rejects.toMatchObject({ code: 'unreachable' });
    expect(requests.map(({ timeoutMs }) => timeoutMs)).toEqual([5_000, 3_000, 1_000]);
  });

  it('cannot bring a part of its own token into a message that is cut off', async () => {
    const { request } = service([
      [200, { access_token: 'instance-token' }],
      [403, { errors: [{ message: `${'x'.repeat(292)}instance-token` }] }],
    ]);
    const error = await request().catch(({ message }) => message);
    expect(error).toContain('gives no IAM token');
    expect(error).not.toContain('instance-');
  });

  it('cannot bring its own token into a message', async () => {
    const { request } = service([
      [200, { access_token: 'instance-token' }],
      [403, { errors: [{ code: 'not_authorized', message: 'no instance-token here.' }] }],
    ]);
    await expect(request()).rejects.toMatchObject({
      code: 'rejected',
      message:
        'the metadata service 169.254.169.254 gives no IAM token: no [secret] here (not_authorized, HTTP 403)',
    });
  });

  it.each([{}, { access_token: '' }, { access_token: 'a b' }, { access_token: 7 }, { access_token: 'a' }])(
    'a token that is none: %j',
    async (body) => {
      const { request } = service([
        [200, { access_token: 'instance' }],
        [200, body],
      ]);
      await expect(request()).rejects.toMatchObject({
        code: 'unreachable',
        message: expect.stringContaining('sent something that is no token'),
      });
    },
  );
});

describe('its address', () => {
  it.each([
    'http://169.254.169.254',
    'http://169.254.169.254/',
    'https://api.metadata.cloud.ibm.com',
    'https://API.metadata.power-iaas.cloud.ibm.com:443',
    'http://127.0.0.1:8080',
    'http://[::1]:8080',
  ])('%s', (value) => expect(parseMetadataUrl(value, 'it')).toBe(new globalThis.URL(value).origin));

  it.each([
    'http://127.0.0.1.example',
    'http://127.0.0.1@metadata.example',
    'http://169.254.169.254@metadata.example',
    'http://169.254.169.253',
    'http://[::ffff:169.254.169.254]',
    'ftp://169.254.169.254',
    'https://api.metadata.cloud.ibm.com:8443',
    'https://api.metadata.cloud.ibm.com/?version=1',
    'https://apixmetadata.cloud.ibm.com',
    '',
  ])('%s is none', (value) => {
    expect(() => parseMetadataUrl(value, 'it')).toThrow('it is not the address of an instance metadata');
  });
});
