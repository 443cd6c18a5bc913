import { createHash, createPublicKey, type JsonWebKey, randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Identity } from '../../fakes/iam/identities.ts';
import { createIam, type Iam } from '../../fakes/iam.ts';
import { verifyJwt } from '../../fakes/jwt.ts';

const IBM = 'urn:ibm:params:oauth:grant-type:';
const ORIGIN = 'https://iam.cloud.ibm.com';
const BX = { authorization: `Basic ${Buffer.from('bx:bx').toString('base64')}` };

interface KeySet {
  keys: [JsonWebKey];
}

/** Every field that an answer may have; tests read those that they expect. */
interface Body {
  access_token: string;
  refresh_token: string;
  session_id: string;
  expires_in: number;
  expiration: number;
  errorCode: string;
  errorMessage: string;
  context: Record<string, string>;
}

let iam: Iam;
let anna: Identity;

beforeEach(() => {
  iam = createIam();
  anna = iam.addUser({ name: 'anna', email: 'anna@example.com' });
});

async function post(form: Record<string, string>, headers: Record<string, string> = {}) {
  const response = await iam.handle(new Request(`${ORIGIN}/identity/token`, init(form, headers)));
  return { status: response.status, headers: response.headers, body: (await response.json()) as Body };
}

function init(form: Record<string, string>, headers: Record<string, string>) {
  return { method: 'POST', body: new URLSearchParams(form), headers };
}

async function logIn(headers: Record<string, string> = BX) {
  return (await post({ grant_type: `${IBM}apikey`, apikey: iam.addApiKey(anna) }, headers)).body;
}

function refresh(refresh_token: string, more: Record<string, string> = {}, headers = BX) {
  return post({ grant_type: 'refresh_token', refresh_token, ...more }, headers);
}

describe('tokens', () => {
  it('are signed by a key of the key set, with the claims of the identity', async () => {
    const { access_token, expires_in, expiration, ...rest } = await logIn({});
    const { keys } = (await (await iam.handle(new Request(`${ORIGIN}/identity/keys`))).json()) as KeySet;
    const claims = verifyJwt(access_token, createPublicKey({ key: keys[0], format: 'jwk' }));
    expect(claims).toMatchObject({ iam_id: anna.iamId, sub: anna.email, account: { bss: anna.account } });
    expect(claims).toMatchObject({ iss: `${ORIGIN}/identity`, client_id: 'default', exp: expiration });
    expect(access_token.length).toBeGreaterThan(970);
    expect(access_token.length).toBeLessThan(1600);
    expect(expires_in).toBe(3600);
    expect(rest).toEqual({
      refresh_token: 'not_supported',
      ims_user_id: anna.imsUserId,
      token_type: 'Bearer',
      scope: 'ibm openid',
    });
  });

  it('live as long as set, by the clock as set', async () => {
    iam.tokenLifetime = 20;
    iam.now = () => 1_000_000;
    const { access_token, expiration } = await logIn({});
    expect(expiration).toBe(1020);
    iam.now = () => 1_019_999;
    expect(iam.trusted.accessTokens.verify(access_token)).not.toBeNull();
    iam.now = () => 1_020_000;
    expect(iam.trusted.accessTokens.verify(access_token)).toBeNull();
  });
});

describe('refusals', () => {
  const byKey = (apikey: string) => post({ grant_type: `${IBM}apikey`, apikey });

  it.each([
    ['unknown', 'BXNIM0415E', 400, (key: string) => iam.deleteKey(key)],
    ['disabled', 'BXNIM0462E', 400, (key: string) => iam.disableKey(key)],
    ['of someone suspended', 'BXNIM0436E', 401, () => iam.suspend(anna)],
    ['of someone removed', 'BXNIM0410E', 400, () => iam.remove(anna)],
  ])('a key that is %s: %s', async (_case, errorCode, status, spoil) => {
    const key = iam.addApiKey(anna);
    spoil(key);
    expect(await byKey(key)).toMatchObject({ status, body: { errorCode } });
  });

  it('have the fields of IAM, and its transaction id', async () => {
    const { body, headers } = await post({}, { 'user-agent': 'tester' });
    expect(body).toMatchObject({
      errorCode: 'BXNIM0109E',
      errorMessage: 'Property missing or empty.',
      errorDetails: "Property 'grant_type' either missing or empty.",
      context: { requestType: 'incoming.Identity_Token', url: ORIGIN, userAgent: 'tester', locale: 'en_US' },
    });
    expect(headers.get('transaction-id')).toBe(body.context.requestId);
  });

  it('other methods and content types', async () => {
    const url = `${ORIGIN}/identity/token`;
    expect((await iam.handle(new Request(url))).status).toBe(405);
    expect((await iam.handle(new Request(url, { method: 'POST', body: '{}' }))).status).toBe(415);
  });

  it('a client with a wrong secret', async () => {
    const authorization = `Basic ${Buffer.from('bx:wrong').toString('base64')}`;
    expect((await post({ grant_type: `${IBM}apikey`, apikey: 'x' }, { authorization })).status).toBe(401);
  });
});

describe('refresh tokens', () => {
  it('rotate: the used one is dead', async () => {
    const { refresh_token, session_id } = await logIn();
    const next = await refresh(refresh_token);
    expect(next.body.session_id).toBe(session_id);
    expect(await refresh(refresh_token)).toMatchObject({ status: 400, body: { errorCode: 'BXNIM0408E' } });
    expect((await refresh(next.body.refresh_token)).status).toBe(200);
  });

  it('stay if rotation is off', async () => {
    iam.rotateRefreshTokens = false;
    const { refresh_token } = await logIn();
    await refresh(refresh_token);
    expect((await refresh(refresh_token)).status).toBe(200);
  });

  it('with grace: the used one works for a while after its first use', async () => {
    iam.rotationGrace = 60;
    const { refresh_token } = await logIn();
    const start = Date.now();
    for (const [seconds, status] of [
      [0, 200],
      [59, 200],
      [60, 400],
    ] as const) {
      iam.now = () => start + seconds * 1000;
      expect([seconds, (await refresh(refresh_token)).status]).toEqual([seconds, status]);
    }
  });

  it('are bound to the client', async () => {
    iam.clients['other'] = 'other';
    const { refresh_token } = await logIn();
    const authorization = `Basic ${Buffer.from('other:other').toString('base64')}`;
    expect((await refresh(refresh_token, {}, { authorization })).status).toBe(400);
    expect((await refresh(refresh_token, {}, {} as typeof BX)).status).toBe(400);
    expect((await refresh(refresh_token)).status).toBe(200);
  });

  it('run out, and end with their session', async () => {
    const first = await logIn();
    iam.refreshLifetime = 0;
    const second = await logIn();
    expect((await refresh(second.refresh_token)).body.errorCode).toBe('BXNIM0408E');
    iam.invalidateSession(anna);
    const { body } = await refresh(first.refresh_token);
    expect(body.errorMessage).toBe(`Session '${first.session_id}' is invalidated due to inactivity.`);
  });

  it('end after inactivity', async () => {
    const { refresh_token } = await logIn();
    iam.sessionInactivity = 3600;
    iam.now = () => Date.now() + 3_601_000;
    expect((await refresh(refresh_token)).body.errorCode).toBe('BXNIM0439E');
  });

  it('serve the accounts of their user only', async () => {
    const { refresh_token } = await logIn();
    const stranger = await refresh(refresh_token, { account: 'f'.repeat(32) });
    expect(stranger).toMatchObject({ status: 401, body: { errorCode: 'BXNIM0436E' } });
    expect((await refresh(refresh_token)).status).toBe(200);
  });

  it('can be revoked', async () => {
    const { refresh_token } = await logIn();
    const url = `${ORIGIN}/identity/revoke`;
    expect((await iam.handle(new Request(url, init({ token: refresh_token }, BX)))).status).toBe(200);
    expect((await refresh(refresh_token)).status).toBe(400);
  });
});

describe('other grants', () => {
  it('passcode: with bx only, and once', async () => {
    const form = { grant_type: `${IBM}passcode`, passcode: iam.addPasscode(anna) };
    expect((await post(form)).status).toBe(401);
    expect((await post(form, BX)).body.refresh_token).not.toBe('not_supported');
    expect((await post(form, BX)).status).toBe(400);
  });

  it('cr-token: for profiles that trust the compute resource', async () => {
    const profile = iam.addTrustedProfile({ name: 'builder' });
    const other = iam.addTrustedProfile({ name: 'other' });
    const form = { grant_type: `${IBM}cr-token`, cr_token: iam.addCrToken(profile) };
    for (const name of [
      { profile_id: profile.id },
      { profile_name: 'builder' },
      { profile_crn: profile.crn! },
    ]) {
      expect((await post({ ...form, ...name })).status).toBe(200);
    }
    expect((await post({ ...form, profile_id: other.id })).status).toBe(400);
    expect((await post(form)).body.errorCode).toBe('BXNIM0109E');
  });

  it('authorization_code: with the verifier of the challenge, and once', async () => {
    iam.logInBrowser(anna);
    const code_verifier = randomBytes(32).toString('base64url');
    const redirect_uri = 'http://localhost:40000/';
    const code_challenge = createHash('sha256').update(code_verifier).digest('base64url');
    const query = { client_id: 'bx', response_type: 'code', redirect_uri, state: 's', code_challenge };
    const search = new URLSearchParams({ ...query, code_challenge_method: 'S256' });
    const page = await iam.handle(new Request(`${ORIGIN}/identity/authorize?${search}`));
    const back = new URL(page.headers.get('location') ?? '');
    expect(back.searchParams.get('state')).toBe('s');
    const form = {
      grant_type: 'authorization_code',
      code: back.searchParams.get('code') ?? '',
      redirect_uri,
    };
    expect((await post({ ...form, code_verifier }, BX)).body.session_id).toMatch(/^C-/);
    expect((await post({ ...form, code_verifier }, BX)).status).toBe(400);
  });

  it('authorization_code: not without the verifier', async () => {
    iam.logInBrowser(anna);
    const redirect_uri = 'http://localhost:40000/';
    const query = { client_id: 'bx', response_type: 'code', redirect_uri, code_challenge: 'x'.repeat(43) };
    const search = new URLSearchParams({ ...query, code_challenge_method: 'S256' });
    const page = await iam.handle(new Request(`${ORIGIN}/identity/authorize?${search}`));
    const code = new URL(page.headers.get('location') ?? '').searchParams.get('code') ?? '';
    const refused = await post(
      { grant_type: 'authorization_code', code, redirect_uri, code_verifier: 'y' },
      BX,
    );
    expect(refused.status).toBe(400);
  });
});

describe('around the token endpoint', () => {
  it('discovery names another host, and userinfo the user', async () => {
    const discovery = await iam.handle(new Request(`${ORIGIN}/identity/.well-known/openid-configuration`));
    const {
      issuer,
      token_endpoint,
      userinfo_endpoint = '',
    } = (await discovery.json()) as Record<string, string>;
    expect(issuer).toBe(`${ORIGIN}/identity`);
    expect(token_endpoint).toBe('https://identity-3.us-east.iam.cloud.ibm.com/identity/token');
    const { access_token } = await logIn({});
    const headers = { authorization: `Bearer ${access_token}` };
    const info = await (await iam.handle(new Request(userinfo_endpoint, { headers }))).json();
    expect(info).toMatchObject({ iam_id: anna.iamId, email: anna.email });
  });

  it('the log names owners in place of secrets', async () => {
    const { refresh_token, access_token } = await logIn();
    await refresh(refresh_token);
    await post({ grant_type: `${IBM}apikey`, apikey: 'never-made-here' });
    await iam.handle(
      new Request(`${ORIGIN}/identity/userinfo`, { headers: { authorization: `Bearer ${access_token}` } }),
    );
    const text = JSON.stringify(iam.exchanges);
    expect(text).not.toContain(refresh_token);
    expect(text).not.toContain(access_token);
    expect(text).not.toContain('never-made-here');
    expect(iam.exchanges[1]?.form).toEqual({ grant_type: 'refresh_token', refresh_token: '[anna]' });
    expect(iam.exchanges[3]?.headers['authorization']).toBe('Bearer [anna]');
    expect([iam.tokenRequests(), iam.tokenRequests('apikey')]).toEqual([3, 2]);
    iam.reset();
    expect(iam.exchanges).toEqual([]);
  });
});
