import { describe, expect, it } from 'vitest';
import { HelperError } from '../../../src/errors.ts';
import type { HttpRequest, HttpResponse } from '../../../src/http.ts';
import { requestTokens } from '../../../src/iam/client.ts';
import { apiKeyGrant, type Grant, refreshTokenGrant } from '../../../src/iam/grants.ts';
import { Secret } from '../../../src/secret.ts';

const KEY = 'key-0123456789-0123456789';
const GRANT = apiKeyGrant(new Secret(KEY), false);
const SESSION = refreshTokenGrant(new Secret(KEY));
const NOW = 1_800_000_000_000;

interface Said extends Partial<Omit<HttpResponse, 'header'>> {
  headers?: Record<string, string>;
}
const GOOD: Said = { body: '{"access_token":"t","expires_in":3600}' };

interface Circumstances {
  grant?: Grant;
  tookMs?: number;
  outlastsThrottling?: boolean;
}

/** An IAM that says one thing after the other, and the last one from then on; each takes so long. */
async function ask(
  said: (Said | Error)[],
  { grant = GRANT, tookMs = 0, outlastsThrottling = true }: Circumstances = {},
) {
  const requests: HttpRequest[] = [];
  const pauses: number[] = [];
  let now = NOW;
  const outcome = await requestTokens(grant, 'https://iam.cloud.ibm.com', {
    http: async (request) => {
      requests.push(request);
      now += tookMs;
      const next = said[Math.min(requests.length, said.length) - 1] ?? GOOD;
      if (next instanceof Error) throw next;
      return { status: 200, body: '', ...next, header: (name) => next.headers?.[name] ?? null };
    },
    now: () => now,
    sleep: async (ms) => {
      pauses.push(ms);
      now += ms;
    },
    random: () => 0,
    userAgent: 'test/1',
    patience: { ms: 12_000, outlastsThrottling },
  }).catch((error) => error);
  return { outcome, requests, pauses };
}

describe('a grant', () => {
  it('is shown to IAM as a form', async () => {
    const { requests } = await ask([GOOD]);
    expect(requests).toEqual([
      {
        method: 'POST',
        url: 'https://iam.cloud.ibm.com/identity/token',
        headers: {
          Accept: 'application/json',
          'Content-Type': 'application/x-www-form-urlencoded',
          'User-Agent': 'test/1',
        },
        body: new URLSearchParams(GRANT.form).toString(),
        timeoutMs: 12_000,
      },
    ]);
  });

  it('is shown in the name of the CLI’s client where a session is wanted', async () => {
    const { requests } = await ask([GOOD], { grant: SESSION });
    expect(requests[0]?.headers).toMatchObject({ Authorization: 'Basic Yng6Yng=' });
  });
});

describe('tokens', () => {
  it('are what IAM gives, from when they came', async () => {
    expect((await ask([GOOD], { tookMs: 50 })).outcome).toEqual({
      accessToken: 't',
      receivedAt: NOW + 50,
      expiresIn: 3600,
    });
  });

  it.each([
    ['"r"', { refreshToken: 'r' }],
    ['"not_supported"', {}],
    ['""', {}],
    ['7', {}],
  ])('refresh token %s', async (refresh, expected) => {
    const body = `{"access_token":"t","expires_in":3600,"refresh_token":${refresh}}`;
    expect((await ask([{ body }])).outcome).toEqual({
      accessToken: 't',
      receivedAt: NOW,
      expiresIn: 3600,
      ...expected,
    });
  });

  it.each(['0', '-1', '1e400', '"3600"', 'null'])('that live for %s s are none', async (life) => {
    const { outcome } = await ask([{ body: `{"access_token":"t","expires_in":${life}}` }]);
    expect(outcome).toMatchObject({ code: 'unreachable' });
  });

  it.each([
    '<html>',
    'null',
    '7',
    '{}',
    '{"access_token":"","expires_in":1}',
    '{"access_token":7,"expires_in":1}',
  ])('%s are none, and once is enough to know', async (body) => {
    const { outcome, requests } = await ask([{ body }]);
    expect(outcome).toMatchObject({
      code: 'unreachable',
      message: 'iam.cloud.ibm.com sent something that is no token',
      hint: expect.stringContaining('captive portal'),
    });
    expect(requests).toHaveLength(1);
  });

  it('that broke off on the way are asked for again, but a refresh token is shown once', async () => {
    const cut = { body: '{"access_', headers: { 'content-type': 'application/json; charset=utf-8' } };
    expect((await ask([cut, GOOD])).outcome).toMatchObject({ accessToken: 't' });
    const { outcome, requests } = await ask([cut, GOOD], { grant: SESSION });
    expect(outcome).toMatchObject({ message: expect.stringContaining('no token') });
    expect(requests).toHaveLength(1);
    const whole = { ...cut, body: '{}' };
    expect((await ask([whole, GOOD])).requests).toHaveLength(1);
    const portal = { body: '<html>', headers: { 'content-type': 'text/html' } };
    expect((await ask([portal, GOOD])).requests).toHaveLength(1);
  });
});

describe('another try', () => {
  it.each([429, 500, 502, 503, 504])('is worth it after HTTP %i', async (status) => {
    const { outcome, pauses } = await ask([{ status }, GOOD]);
    expect(outcome).toMatchObject({ accessToken: 't' });
    expect(pauses).toEqual([500]);
  });

  it.each([400, 401, 403, 404, 428, 499, 501])('is not after HTTP %i', async (status) => {
    const { outcome, requests } = await ask([{ status }, GOOD]);
    expect(outcome).toBeInstanceOf(HelperError);
    expect(requests).toHaveLength(1);
  });

  it('is left to a caller who comes back by itself, where there are too many', async () => {
    const throttled = await ask([{ status: 429 }, GOOD], { outlastsThrottling: false });
    expect(throttled.outcome).toMatchObject({ code: 'unreachable' });
    expect(throttled.requests).toHaveLength(1);
    const failing = await ask([{ status: 503 }, GOOD], { outlastsThrottling: false });
    expect(failing.outcome).toMatchObject({ accessToken: 't' });
  });

  it('comes when IAM wants it', async () => {
    expect((await ask([{ status: 503, headers: { 'retry-after': '3' } }, GOOD])).pauses).toEqual([3000]);
    const late = { status: 503, headers: { 'retry-after': '12' } };
    expect((await ask([late, GOOD])).outcome).toMatchObject({ code: 'unreachable' });
  });

  it('comes after a connection that broke, but a refresh token may have been used up by then', async () => {
    const broken = new HelperError('unreachable', 'reset', { transient: true });
    expect((await ask([broken, GOOD])).outcome).toMatchObject({ accessToken: 't' });
    const once = await ask([broken, GOOD], { grant: SESSION });
    expect(once.outcome).toBe(broken);
    expect(once.requests).toHaveLength(1);
  });

  it.each([new HelperError('unreachable', 'no such host'), new Error('a mistake')])(
    'does not come after %s',
    async (error) => {
      const { outcome, requests } = await ask([error, GOOD]);
      expect(outcome).toBe(error);
      expect(requests).toHaveLength(1);
    },
  );

  it('has what is left of the time', async () => {
    const { outcome, requests } = await ask([{ status: 503 }], { tookMs: 4_000 });
    expect(outcome).toMatchObject({ code: 'unreachable' });
    expect(requests.map(({ timeoutMs }) => timeoutMs)).toEqual([12_000, 7_500, 2_500]);
  });

  it('is given a whole time, and not more, by a clock that is set back', async () => {
    const { requests } = await ask([{ status: 503 }, GOOD], { tookMs: -60_000 });
    expect(requests.map(({ timeoutMs }) => timeoutMs)).toEqual([12_000, 12_000]);
  });
});

it.each([
  { errorCode: 'X', errorMessage: `${'x'.repeat(290)}${KEY}` },
  { errorCode: `${'x'.repeat(30)}${KEY}` },
  { errorCode: 'X', context: { requestId: `${'x'.repeat(90)}${KEY}` } },
])('no part of a key comes out of a message that is cut off', async (body) => {
  const { outcome } = await ask([{ status: 400, body: JSON.stringify(body) }]);
  expect(outcome.message).toContain('refuses the API key');
  expect(outcome.message).not.toContain(KEY.slice(0, 8));
});
