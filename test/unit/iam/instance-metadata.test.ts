import { describe, expect, it } from 'vitest';
import { HelperError } from '../../../src/errors.ts';
import type { Http, HttpRequest } from '../../../src/http.ts';
import {
  defaultMetadataUrl,
  type Instance,
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
    'http://127.10.20.30',
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

describe('a virtual server', () => {
  const PROFILE = 'Profile-00000000-1111-2222-3333-444444444444';
  const GOOD: [number, object][] = [
    [200, { access_token: 'instance' }],
    [201, { access_token: 'a.b.c', expires_in: 1200 }],
  ];

  async function ask(answers: [number, object][], changes: Partial<Instance> = {}) {
    const requests: HttpRequest[] = [];
    const http: Http = async (request) => {
      requests.push(request);
      const [status, body] = answers[requests.length - 1] ?? [500, {}];
      return { status, header: () => null, body: typeof body === 'string' ? body : JSON.stringify(body) };
    };
    const instance: Instance = { kind: 'vpc', url: URL, profile: null, ...changes };
    const outcome = await requestInstanceTokens(instance, http, () => 1000).catch((error) => error);
    return { outcome, requests };
  }

  it('shows its instance token to get one of IAM’s', async () => {
    const { outcome, requests } = await ask(GOOD);
    expect(outcome).toEqual({ accessToken: 'a.b.c', receivedAt: 1000, expiresIn: 1200 });
    const headers = {
      Accept: 'application/json',
      'Content-Type': 'application/json',
      'User-Agent': expect.stringMatching(/^docker-credential-icr\//),
      'Metadata-Flavor': 'ibm',
    };
    expect(requests).toMatchObject([
      { method: 'PUT', headers, body: '{"expires_in":300}', direct: true },
      {
        method: 'POST',
        url: `${URL}/instance_identity/v1/iam_token?version=2022-03-01`,
        headers: { ...headers, Authorization: 'Bearer instance' },
        direct: true,
      },
    ]);
    expect(requests[1]).not.toHaveProperty('body');
  });

  it.each([
    [{ id: PROFILE }, { id: PROFILE }],
    [{ crn: 'crn:v1:x' }, { crn: 'crn:v1:x' }],
    [{ name: 'builds', account: 'a1' }, { name: 'builds' }],
  ])('names its trusted profile: %j', async (profile, named) => {
    const { requests } = await ask(GOOD, { profile });
    expect(JSON.parse(requests[1]?.body ?? '')).toEqual({ trusted_profile: named });
  });

  it('of Power speaks version 2 alone', async () => {
    const { requests } = await ask(GOOD, { kind: 'power-vs' });
    expect(requests.map(({ url }) => url.slice(URL.length))).toEqual([
      '/identity/v1/token?version=2025-08-26',
      '/identity/v1/iam_tokens?version=2025-08-26',
    ]);
  });

  it.each<[InstanceKind, string]>([
    ['vpc', 'enable it in VPC, or remove'],
    ['power-vs', 'enable it in Power Virtual Server, or remove'],
  ])('%s without the service is told where to enable it', async (kind, hint) => {
    const gone = await ask(
      [
        [404, {}],
        [404, {}],
      ],
      { kind },
    );
    expect(gone.outcome).toMatchObject({
      code: 'unreachable',
      message: '169.254.169.254 is no instance metadata service (HTTP 404)',
      hint: expect.stringContaining(hint),
    });
    const cause = new HelperError('unreachable', 'no answer', { hint: 'check the network' });
    const instance = { kind, url: URL, profile: null };
    await expect(
      requestInstanceTokens(instance, () => Promise.reject(cause), Date.now),
    ).rejects.toMatchObject({
      code: 'unreachable',
      message: 'no answer',
      hint: expect.stringContaining(hint),
      cause,
    });
  });

  it('does not hide a mistake of ours', async () => {
    const mistake = new TypeError('oops');
    const instance: Instance = { kind: 'vpc', url: URL, profile: null };
    await expect(requestInstanceTokens(instance, () => Promise.reject(mistake), Date.now)).rejects.toBe(
      mistake,
    );
  });

  it.each([{}, '<html>', 'null', { access_token: 'a b' }])('%j is no instance token', async (body) => {
    const { outcome, requests } = await ask([[200, body as object]]);
    expect(outcome).toMatchObject({
      code: 'unreachable',
      message: '169.254.169.254 sent something that is no token',
      hint: expect.stringContaining('metadataUrl'),
    });
    expect(requests).toHaveLength(1);
  });

  it.each([0, '1200', null])('a token that lives for %j s is none', async (expires_in) => {
    const { outcome } = await ask([
      [200, { access_token: 'instance' }],
      [200, { access_token: 'a', expires_in }],
    ]);
    expect(outcome.message).toContain('no token');
  });

  it.each<[number, object | string, string, string, string]>([
    [400, {}, 'rejected', 'HTTP 400', 'see whether the metadata service'],
    [403, '<html>', 'rejected', 'HTTP 403', 'see whether'],
    [403, { errors: 'no' }, 'rejected', 'HTTP 403', 'see whether'],
    [403, { errors: [] }, 'rejected', 'HTTP 403', 'see whether'],
    [403, { errors: [{ message: 'No. Way.' }] }, 'rejected', 'No. Way (HTTP 403)', 'see whether'],
    [403, { errors: [{ message: 'No', code: 7 }] }, 'rejected', 'No (HTTP 403)', 'see whether'],
    [
      403,
      { errors: [{ message: 'No', code: 'c'.repeat(41) }] },
      'rejected',
      `No (${'c'.repeat(40)}, HTTP 403)`,
      'see',
    ],
    [
      403,
      { errors: [{ message: 'x'.repeat(301) }] },
      'rejected',
      `${'x'.repeat(300)} (HTTP 403)`,
      'see whether',
    ],
    [429, {}, 'unreachable', 'HTTP 429', 'try again in a minute'],
    [500, {}, 'unreachable', 'HTTP 500', 'try again in a minute'],
    [503, {}, 'unreachable', 'HTTP 503', 'try again in a minute'],
  ])('is refused an instance token: HTTP %i %j', async (status, body, code, said, hint) => {
    const { outcome } = await ask([[status, body as object]]);
    expect(outcome).toMatchObject({
      code,
      message: `the metadata service 169.254.169.254 gives no instance token: ${said}`,
      hint: expect.stringContaining(hint),
    });
  });

  it('is told what to do where it gets no token of IAM’s', async () => {
    const refused: [number, object][] = [
      [200, { access_token: 'instance' }],
      [404, {}],
    ];
    expect((await ask(refused)).outcome.hint).toContain('name a trusted profile');
    expect((await ask(refused, { profile: { id: PROFILE } })).outcome.hint).toContain(
      'link the trusted profile',
    );
  });

  it('has a whole time, and not more, by a clock that is set back', async () => {
    const timeouts: number[] = [];
    let now = 60_000;
    const http: Http = async ({ timeoutMs }) => {
      timeouts.push(timeoutMs);
      now = 0;
      return { status: 200, header: () => null, body: '{"access_token":"t","expires_in":1}' };
    };
    await requestInstanceTokens({ kind: 'vpc', url: URL, profile: null }, http, () => now);
    expect(timeouts).toEqual([5_000, 5_000]);
  });
});

it('each kind has its usual address', () => {
  expect([defaultMetadataUrl('vpc'), defaultMetadataUrl('power-vs')]).toEqual([
    'http://169.254.169.254',
    'https://api.metadata.power-iaas.cloud.ibm.com',
  ]);
});

it.each([
  'http://user@169.254.169.254',
  'http://:pw@169.254.169.254',
  'http://169.254.169.254?x',
  'http://169.254.169.254#x',
  'http://169.254.169.254/x',
  'https://127.0.0.1',
  'http://127.0.0.1.example:80',
  'https://x.example/http://127.0.0.1',
])('%s is the address of no metadata service', (value) => {
  expect(() => parseMetadataUrl(value, 'it')).toThrow(
    expect.objectContaining({
      code: 'settings',
      hint: 'set it to http://169.254.169.254 or https://api.metadata.cloud.ibm.com or https://api.metadata.power-iaas.cloud.ibm.com, without a path',
    }),
  );
});
