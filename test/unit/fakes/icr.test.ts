import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Identity } from '../../fakes/iam/identities.ts';
import { createIam, type Iam } from '../../fakes/iam.ts';
import { createIcr, type Icr } from '../../fakes/icr.ts';
import { claimsOf } from '../../support/claims.ts';

const PULL = 'repository:ns/app:pull';
const PUSH = 'repository:ns/app:pull,push';

/** Every field that an answer may have; tests read those that they expect. */
interface Body {
  token: string;
  access_token: string;
  refresh_token: string;
  errors: [{ code: string; message: string }];
}

let iam: Iam;
let icr: Icr;
let deployer: Identity;

beforeEach(() => {
  iam = createIam();
  icr = createIcr({ iam });
  deployer = iam.addServiceId({ name: 'deployer' });
  icr.allow(deployer, 'ns', 'reader', 'writer');
});

async function ask(query: Record<string, string>, user?: string, password?: string, host = 'us.icr.io') {
  const basic = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  const headers = new Headers(user === undefined ? {} : { authorization: basic });
  const search = new URLSearchParams({ service: 'registry', ...query });
  const response = await icr.handle(new Request(`https://${host}/oauth/token?${search}`, { headers }));
  return { status: response.status, body: (await response.json()) as Body };
}

async function post(form: Record<string, string>) {
  const url = 'https://us.icr.io/oauth/token';
  const response = await icr.handle(new Request(url, { method: 'POST', body: new URLSearchParams(form) }));
  return { status: response.status, body: (await response.json()) as Body };
}

async function iamTokens(): Promise<Body> {
  const form = { grant_type: 'urn:ibm:params:oauth:grant-type:apikey', apikey: iam.addApiKey(deployer) };
  const authorization = `Basic ${Buffer.from('bx:bx').toString('base64')}`;
  const init = { method: 'POST', body: new URLSearchParams(form), headers: { authorization } };
  const answer = await iam.handle(new Request('https://iam.cloud.ibm.com/identity/token', init));
  return (await answer.json()) as Body;
}

it('challenges with spaces after the commas, every host for itself', async () => {
  const challengeOf = async (url: string, method = 'GET') =>
    (await icr.handle(new Request(url, { method }))).headers.get('www-authenticate');
  expect(await challengeOf('https://de.icr.io/v2/')).toBe(
    'Bearer realm="https://de.icr.io/oauth/token", service="registry"',
  );
  expect(await challengeOf('https://us.icr.io/v2/ns/app/manifests/v1', 'PUT')).toBe(
    'Bearer realm="https://us.icr.io/oauth/token", service="registry", scope="repository:ns/app:pull,push"',
  );
});

describe('user names', () => {
  it('iamapikey, iambearer and iamrefresh lead to the identity', async () => {
    const { access_token, refresh_token } = await iamTokens();
    const apikey = iam.addApiKey(deployer);
    for (const [user, secret] of Object.entries({
      iamapikey: apikey,
      iambearer: access_token,
      iamrefresh: refresh_token,
    })) {
      const { status, body } = await ask({ scope: PUSH }, user, secret);
      expect([user, status]).toEqual([user, 200]);
      const access = [{ type: 'repository', name: 'ns/app', actions: ['pull', 'push'] }];
      expect(claimsOf(body.token)).toMatchObject({ sub: deployer.iamId, aud: 'registry', access });
      expect(body).toMatchObject({ access_token: body.token, expires_in: 300 });
    }
    expect(icr.tokenRequests.map(({ identity }) => identity)).toEqual(['deployer', 'deployer', 'deployer']);
    expect(JSON.stringify(icr.tokenRequests)).not.toContain(apikey);
  });

  it('iambearer: not after the end of the token', async () => {
    const { access_token } = await iamTokens();
    iam.now = () => Date.now() + 3_601_000;
    expect((await ask({}, 'iambearer', access_token)).status).toBe(401);
  });

  it('iamrefresh leaves the refresh token as it is', async () => {
    const { refresh_token } = await iamTokens();
    expect((await ask({}, 'iamrefresh', refresh_token)).status).toBe(200);
    expect((await ask({}, 'iamrefresh', refresh_token)).status).toBe(200);
  });

  it('Profile-…: with the key of a service ID that the profile trusts', async () => {
    const profile = iam.addTrustedProfile({ name: 'builder', trusts: [deployer] });
    const stranger = iam.addApiKey(iam.addServiceId({ name: 'stranger' }));
    expect((await ask({}, profile.id, iam.addApiKey(deployer))).status).toBe(200);
    expect((await ask({}, profile.id, stranger)).status).toBe(401);
    expect(icr.tokenRequests[0]?.identity).toBe('builder');
  });

  it.each(['token', 'bearer', 'someone'])('%s is not supported', async (user) => {
    const { body } = await ask({}, user, iam.addApiKey(deployer));
    expect(body.errors[0].code).toBe('UNSUPPORTED');
  });

  it('wrong, disabled and suspended: one sentence, 401 or 400', async () => {
    const key = iam.addApiKey(deployer);
    const wrong = await ask({}, 'iamapikey', 'wrong');
    expect(wrong.body.errors[0]).toMatchObject({
      code: 'UNAUTHORIZED',
      message: expect.stringMatching(/not active/),
    });
    iam.suspend(deployer);
    expect((await ask({}, 'iamapikey', key)).status).toBe(401);
    icr.badCredentialStatus = 400;
    iam.disableKey(key);
    expect((await ask({}, 'iamapikey', key)).status).toBe(400);
  });
});

describe('the two POST forms', () => {
  it('password, then the identity token until it ends', async () => {
    const password = iam.addApiKey(deployer);
    const common = { service: 'registry', client_id: 'test', scope: PULL };
    const login = await post({ grant_type: 'password', username: 'iamapikey', password, ...common });
    expect(login.body.refresh_token).toBeUndefined();
    const form = {
      grant_type: 'password',
      username: 'iamapikey',
      password,
      access_type: 'offline',
      ...common,
    };
    const { refresh_token } = (await post(form)).body;
    const again = () => post({ grant_type: 'refresh_token', refresh_token, ...common });
    expect(await again()).toMatchObject({ status: 200, body: { refresh_token } });
    iam.now = () => Date.now() + (icr.identityTokenLifetime + 1) * 1000;
    expect((await again()).status).toBe(401);
  });

  it('GET with offline_token gives an identity token too, a JWT if so set', async () => {
    icr.identityTokenIsJwt = true;
    const { body } = await ask({ offline_token: 'true' }, 'iamapikey', iam.addApiKey(deployer));
    expect(body.refresh_token).toMatch(/^eyJ[\w-]+\.[\w-]+\.[\w-]+$/);
  });
});

describe('access', () => {
  it('readers pull, writers push, both need both', async () => {
    const key = iam.addApiKey(deployer);
    const statusOf = async (scope: string) => (await ask({ scope }, 'iamapikey', key)).status;
    icr.allow(deployer, 'ns', 'reader');
    expect([await statusOf(PULL), await statusOf(PUSH)]).toEqual([200, 403]);
    icr.allow(deployer, 'ns', 'writer');
    expect([await statusOf(PULL), await statusOf(PUSH)]).toEqual([403, 403]);
    icr.allow(deployer, 'ns', 'manager');
    expect([await statusOf(PUSH), await statusOf('repository:other/app:pull')]).toEqual([200, 403]);
  });

  it('anonymous: public images only', async () => {
    expect((await ask({ scope: PULL })).status).toBe(401);
    icr.publicRepositories.add('ns/app');
    expect(claimsOf((await ask({ scope: PULL })).body.token)['access']).toHaveLength(1);
    expect(claimsOf((await ask({})).body.token)['access']).toEqual([]);
  });

  it('quota stops pulls, not pushes', async () => {
    icr.overPullQuota.add(iam.account);
    const key = iam.addApiKey(deployer);
    expect((await ask({ scope: PULL }, 'iamapikey', key)).body.errors[0].message).toMatch(
      /pull traffic quota/,
    );
    expect((await ask({ scope: PUSH }, 'iamapikey', key)).status).toBe(200);
  });

  it('private-only accounts', async () => {
    icr.privateOnly.add(iam.account);
    const key = iam.addApiKey(deployer);
    expect((await ask({}, 'iamapikey', key)).status).toBe(403);
    expect((await ask({}, 'iamapikey', key, 'private.us.icr.io')).status).toBe(200);
  });
});

describe('the embedded registry', () => {
  const content = Buffer.from('layer');
  const digest = `sha256:${createHash('sha256').update(content).digest('hex')}`;

  async function send(method: string, path: string, init: RequestInit = {}) {
    const { body } = await ask({ scope: PUSH }, 'iamapikey', iam.addApiKey(deployer));
    const headers = { authorization: `Bearer ${body.token}`, ...(init.headers as Record<string, string>) };
    return icr.handle(new Request(`https://us.icr.io${path}`, { ...init, method, headers }));
  }

  it('takes blobs in pieces and manifests, and gives them back', async () => {
    const start = await send('POST', '/v2/ns/app/blobs/uploads/');
    const location = start.headers.get('location') ?? '';
    const piece = await send('PATCH', location, { body: content });
    expect([piece.status, piece.headers.get('range')]).toEqual([202, `0-${content.length - 1}`]);
    expect((await send('PUT', `${location}?digest=${digest}`)).status).toBe(201);
    expect(await (await send('GET', `/v2/ns/app/blobs/${digest}`)).text()).toBe('layer');
    const headers = { 'content-type': 'application/vnd.oci.image.manifest.v1+json' };
    expect((await send('PUT', '/v2/ns/app/manifests/v1', { body: '{}', headers })).status).toBe(201);
    const manifest = await send('HEAD', '/v2/ns/app/manifests/v1');
    expect(manifest.headers.get('content-length')).toBe('2');
    expect(await (await send('GET', '/v2/ns/app/tags/list')).json()).toEqual({
      name: 'ns/app',
      tags: ['v1'],
    });
  });

  it('takes a blob at once, and refuses one that is not what it says', async () => {
    expect((await send('POST', `/v2/ns/app/blobs/uploads/?digest=${digest}`, { body: content })).status).toBe(
      201,
    );
    expect((await send('POST', `/v2/ns/app/blobs/uploads/?digest=${digest}`, { body: 'x' })).status).toBe(
      400,
    );
  });

  it('redirects downloads to a host that wants no token', async () => {
    await send('POST', `/v2/ns/app/blobs/uploads/?digest=${digest}`, { body: content });
    icr.blobHost = 'dd2.icr.io';
    const { status, headers } = await send('GET', `/v2/ns/app/blobs/${digest}`);
    expect(status).toBe(307);
    const location = headers.get('location') ?? '';
    expect(location).toMatch(/^https:\/\/dd2\.icr\.io\//);
    expect(await (await icr.handle(new Request(location))).text()).toBe('layer');
  });

  it('wants a token that is still good', async () => {
    icr.tokenLifetime = 0;
    const refused = await send('GET', '/v2/ns/app/tags/list');
    expect(refused.status).toBe(401);
    expect(refused.headers.get('www-authenticate')).toContain('error="invalid_token"');
  });
});
