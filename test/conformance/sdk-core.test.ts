/**
 * The double is faithful if IBM's own SDK cannot tell: npm ibm-cloud-sdk-core, unchanged, over real
 * TLS on loopback. The SDK hands its options to axios, so trust and name resolution come with an
 * https agent, and every test uses IAM's real host name.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { Agent } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BaseService,
  ContainerAuthenticator,
  IamAssumeAuthenticator,
  IamAuthenticator,
  VpcInstanceAuthenticator,
} from 'ibm-cloud-sdk-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { jsonResponse } from '../fakes/http.ts';
import { createIam } from '../fakes/iam.ts';
import { createMetadata } from '../fakes/metadata.ts';
import { type RunningServer, startServer } from '../fakes/server.ts';
import { createAuthority } from '../support/certificates.ts';
import { until } from '../support/until.ts';

const IAM_HOST = 'iam.cloud.ibm.com';
const SERVICE_HOST = 'service.example.com';
const APIKEY_GRANT = 'urn:ibm:params:oauth:grant-type:apikey';

const iam = createIam();
const metadata = createMetadata({ iam });
const deployer = iam.addServiceId({ name: 'deployer' });
const profile = iam.addTrustedProfile({ name: 'builder', trusts: [deployer] });
const defaults = { tokenLifetime: iam.tokenLifetime, now: iam.now };

let server: RunningServer;
let metadataServer: RunningServer;
let agent: Agent;

beforeAll(async () => {
  const authority = await createAuthority();
  const certificate = await authority.issue({ names: [IAM_HOST, SERVICE_HOST] });
  server = await startServer({ certificate, handlers: { [IAM_HOST]: iam.handle, [SERVICE_HOST]: whoAmI } });
  metadataServer = await startServer({ handlers: { '*': metadata.handle } });
  agent = new Agent({
    ca: authority.certificate,
    lookup: (_name, { all }, done) => {
      const loopback = { address: '127.0.0.1', family: 4 };
      return all ? done(null, [loopback]) : done(null, loopback.address, loopback.family);
    },
  });
});

afterAll(async () => {
  agent.destroy();
  await Promise.all([server.close(), metadataServer.close()]);
});

beforeEach(() => {
  iam.reset();
  Object.assign(iam, defaults);
});

/** A service that trusts IAM, as any in IBM Cloud. */
async function whoAmI(request: Request): Promise<Response> {
  const token = request.headers.get('authorization')?.replace('Bearer ', '') ?? '';
  const claims = iam.trusted.accessTokens.verify(token);
  return claims ? jsonResponse(200, { iam_id: claims['iam_id'] }) : jsonResponse(401, { error: 'no token' });
}

function overTls() {
  return { url: `https://${IAM_HOST}:${server.port}`, httpsAgent: agent, proxy: false };
}

async function callService(authenticator: IamAuthenticator): Promise<unknown> {
  const serviceUrl = `https://${SERVICE_HOST}:${server.port}`;
  const service = new BaseService({ authenticator, serviceUrl, httpsAgent: agent, proxy: false });
  const options = { url: '/whoami', method: 'GET' };
  const { result } = await service['createRequest']({ options, defaultOptions: { serviceUrl, headers: {} } });
  return result;
}

/** The header that an authenticator puts on a request. */
async function authorizationOf(authenticator: Pick<IamAuthenticator, 'authenticate'>): Promise<string> {
  const request = { headers: {} as Record<string, string> };
  await authenticator.authenticate(request);
  return request.headers['Authorization'] ?? '';
}

function subjectOf(authorization: string): unknown {
  return iam.trusted.accessTokens.verify(authorization.replace('Bearer ', ''))?.['sub'];
}

describe('IamAuthenticator', () => {
  it('gets a token for an API key, uses it on requests, and keeps it', async () => {
    const authenticator = new IamAuthenticator({ apikey: iam.addApiKey(deployer), ...overTls() });
    expect(await callService(authenticator)).toEqual({ iam_id: deployer.iamId });
    expect(await callService(authenticator)).toEqual({ iam_id: deployer.iamId });
    expect(iam.tokenRequests('apikey')).toBe(1);
    expect(iam.exchanges[0]?.form).toEqual({
      grant_type: APIKEY_GRANT,
      response_type: 'cloud_iam',
      apikey: '[deployer]',
    });
  });

  it('accepts the suffix of the token path on the URL', async () => {
    const { url, ...rest } = overTls();
    const apikey = iam.addApiKey(deployer);
    const authenticator = new IamAuthenticator({ apikey, url: `${url}/identity/token`, ...rest });
    expect(subjectOf(await authorizationOf(authenticator))).toBe(deployer.id);
  });

  it('has no refresh token without a client, and a real one with bx:bx', async () => {
    const apikey = iam.addApiKey(deployer);
    const plain = new IamAuthenticator({ apikey, ...overTls() });
    await authorizationOf(plain);
    expect(plain.getRefreshToken()).toBe('not_supported');
    const cli = new IamAuthenticator({ apikey, clientId: 'bx', clientSecret: 'bx', ...overTls() });
    await authorizationOf(cli);
    expect(cli.getRefreshToken()).toMatch(/^[\w-]{1027}$/);
    expect(iam.exchanges.at(-1)?.headers['authorization']).toBe('Basic [bx]');
  });

  it('asks again within ten seconds of the end', async () => {
    iam.now = () => Date.now() - 3_595_000;
    const authenticator = new IamAuthenticator({ apikey: iam.addApiKey(deployer), ...overTls() });
    await authorizationOf(authenticator);
    await authorizationOf(authenticator);
    expect(iam.tokenRequests()).toBe(2);
  });

  it('asks again in the background after four fifths of the lifetime', async () => {
    iam.now = () => Date.now() - 3_000_000;
    const authenticator = new IamAuthenticator({ apikey: iam.addApiKey(deployer), ...overTls() });
    const first = await authorizationOf(authenticator);
    expect(await authorizationOf(authenticator)).toBe(first);
    await until('the SDK asks again', () => iam.tokenRequests() === 2);
  });

  it.each([
    ['unknown', (key: string) => iam.deleteKey(key), 'BXNIM0415E', 'Provided API key could not be found.'],
    ['disabled', (key: string) => iam.disableKey(key), 'BXNIM0462E', 'Provided API key is disabled.'],
  ])('shows the refusal of a key that is %s', async (_case, spoil, errorCode, errorMessage) => {
    const apikey = iam.addApiKey(deployer);
    spoil(apikey);
    const failure = authorizationOf(new IamAuthenticator({ apikey, ...overTls() }));
    // The SDK knows the body by `context.url` and puts its own sentence before IAM's.
    await expect(failure).rejects.toMatchObject({
      status: 400,
      message: 'Access is denied due to invalid credentials.',
      result: { errorCode, errorMessage },
    });
  });

  it('tries again after 429 with Retry-After and after 503', async () => {
    iam.failNext(1, { kind: 'status', status: 429, retryAfter: 1 });
    iam.failNext(1, { kind: 'status', status: 503 });
    const retries = { enableRetries: true, maxRetries: 3, retryInterval: 2 };
    const authenticator = new IamAuthenticator({ apikey: iam.addApiKey(deployer), ...retries, ...overTls() });
    expect(subjectOf(await authorizationOf(authenticator))).toBe(deployer.id);
    expect(iam.exchanges.map(({ status }) => status)).toEqual([429, 503, 200]);
  });

  it.each([
    ['close', { kind: 'close' } as const, /socket hang up|ECONNRESET/],
    ['cut JSON', { kind: 'cut-json' } as const, /JSON/],
    // The SDK has no better word than the status line's for a body that stops half-way.
    ['a body that stops', { kind: 'cut-body' } as const, /^OK$/],
    ['a proxy page', { kind: 'html', status: 200 } as const, /Access token not present/],
  ])('fails on %s', async (_case, fault, message) => {
    iam.failNext(1, fault);
    const failure = authorizationOf(new IamAuthenticator({ apikey: iam.addApiKey(deployer), ...overTls() }));
    await expect(failure).rejects.toThrow(message);
  });
});

describe('ContainerAuthenticator', () => {
  it.each([{ iamProfileId: profile.id }, { iamProfileName: profile.name }])(
    'by cr-token and %o',
    async (names) => {
      const folder = await mkdtemp(join(tmpdir(), 'sdk-core-'));
      try {
        const crTokenFilename = join(folder, 'sa-token');
        await writeFile(crTokenFilename, iam.addCrToken(profile));
        const authenticator = new ContainerAuthenticator({ crTokenFilename, ...names, ...overTls() });
        expect(subjectOf(await authorizationOf(authenticator))).toBe(profile.id);
        expect(iam.tokenRequests('cr-token')).toBe(1);
      } finally {
        await rm(folder, { recursive: true });
      }
    },
  );
});

describe('VpcInstanceAuthenticator', () => {
  it.each(['2022-03-01', '2025-08-26'])('version %s, profile by id, CRN or none', async (serviceVersion) => {
    metadata.defaultProfile = profile;
    for (const names of [{ iamProfileId: profile.id }, { iamProfileCrn: profile.crn ?? '' }, {}]) {
      const options = { url: metadataServer.url, serviceVersion, proxy: false, ...names };
      expect(subjectOf(await authorizationOf(new VpcInstanceAuthenticator(options)))).toBe(profile.id);
    }
  });
});

describe('IamAssumeAuthenticator', () => {
  it.each([
    { iamProfileId: profile.id },
    { iamProfileCrn: profile.crn ?? '' },
    { iamProfileName: profile.name, iamAccountId: profile.account },
  ])('assumes %o', async (names) => {
    const authenticator = new IamAssumeAuthenticator({
      apikey: iam.addApiKey(deployer),
      ...names,
      ...overTls(),
    });
    expect(subjectOf(await authorizationOf(authenticator))).toBe(profile.id);
    expect([iam.tokenRequests('apikey'), iam.tokenRequests('assume')]).toEqual([1, 1]);
  });

  it('is refused by a profile that does not trust it', async () => {
    const apikey = iam.addApiKey(iam.addServiceId({ name: 'stranger' }));
    const authenticator = new IamAssumeAuthenticator({ apikey, iamProfileId: profile.id, ...overTls() });
    await expect(authorizationOf(authenticator)).rejects.toMatchObject({ status: 400 });
  });
});
