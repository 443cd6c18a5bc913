import { readFileSync, writeFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { join } from 'node:path';
import {
  ContainerAuthenticator,
  IamAssumeAuthenticator,
  IamAuthenticator,
  VpcInstanceAuthenticator,
} from 'ibm-cloud-sdk-core';
import { describe, expect, it } from 'vitest';
import type { ProfileSettings } from '../../src/config/settings.ts';
import type { Exchange } from '../fakes/exchange-log.ts';
import type { Identity } from '../fakes/iam/identities.ts';
import type { MetadataRequest } from '../fakes/metadata.ts';
import { credentialsOf, helperOf } from '../support/executable.ts';
import { type LocalIam, startLocalIam } from '../support/local-iam.ts';
import { startLocalMetadata } from '../support/local-metadata.ts';

/**
 * The same identity shown to the same double, by IBM's SDK and by the executable: what IBM's services
 * get to see may differ in nothing but what is listed here.
 */
const MAY_DIFFER = [
  // Each names itself.
  'user-agent',
  // Of the connection and of the body's way, not of what is asked.
  'connection',
  'content-length',
  'accept-encoding',
];

/** The SDK's HTTP client adds that it would take anything else as well; ours asks for JSON, as IBM's docs do. */
const ACCEPT = ['application/json', 'application/json, text/plain, */*'];

/** `charset` means nothing there (RFC 7578, URL Standard); the SDK's client sometimes adds it. */
const withoutCharset = (type: string | undefined) => type?.replace(/;\s*charset=utf-8$/i, '');

function headersOf(headers: Readonly<Record<string, string>>) {
  const { accept = '', 'content-type': type, ...rest } = headers;
  expect(ACCEPT).toContain(accept);
  const matter = Object.entries(rest).filter(([name]) => !MAY_DIFFER.includes(name));
  return { ...Object.fromEntries(matter), 'content-type': withoutCharset(type) };
}

const asSeenByIam = ({ method, host, path, headers, form, status }: Exchange) => {
  return { method, host, path, headers: headersOf(headers), form, status };
};

const asSeenByMetadata = ({ method, path, version, headers, body, status }: MetadataRequest) => {
  const json = body === '' ? null : JSON.parse(body);
  return { method, path, version, headers: headersOf(headers), json, status };
};

/** Whoever has the SDK's `authenticate`. */
interface Authenticator {
  authenticate(request: { headers?: object }): Promise<void>;
}

async function tokenOfSdk(authenticator: Authenticator): Promise<void> {
  const request = { headers: {} as Record<string, string> };
  await authenticator.authenticate(request);
  expect(request.headers['Authorization']).toMatch(/^Bearer eyJ/);
}

async function tokenOfOurs(env: Record<string, string>): Promise<void> {
  expect(credentialsOf(await helperOf(env).get('us.icr.io'))?.Secret).toMatch(/^eyJ/);
}

function sdkOptions({ url, env }: LocalIam) {
  const httpsAgent = new Agent({ ca: readFileSync(env['SSL_CERT_FILE'] ?? '') });
  return { url, httpsAgent, proxy: false };
}

/** Runs both, and gives what IAM saw of each. */
async function compare(local: LocalIam, theirs: Authenticator, ours: Record<string, string>) {
  local.iam.reset();
  await tokenOfSdk(theirs);
  const expected = local.iam.exchanges.map(asSeenByIam);
  local.iam.reset();
  await tokenOfOurs(ours);
  const seen = local.iam.exchanges.map(asSeenByIam);
  expect(expected.map(({ status }) => status)).not.toContain(null);
  return { expected, seen };
}

function configure(local: LocalIam, profile: ProfileSettings): void {
  local.home.configure({ iamEndpoint: local.url, profiles: { default: profile } });
}

function naming(profile: Identity) {
  return {
    id: { sdk: { iamProfileId: profile.id }, ours: { trustedProfile: profile.id } },
    crn: { sdk: { iamProfileCrn: profile.crn ?? '' }, ours: { trustedProfile: profile.crn ?? '' } },
    name: { sdk: { iamProfileName: profile.name }, ours: { trustedProfile: profile.name } },
  };
}

describe('our requests and those of ibm-cloud-sdk-core', () => {
  it('IamAuthenticator: an API key', async () => {
    const local = await startLocalIam();
    const apikey = local.apiKey;
    const { expected, seen } = await compare(local, new IamAuthenticator({ apikey, ...sdkOptions(local) }), {
      ...local.env,
      ICR_API_KEY: apikey,
    });
    expect(expected).toHaveLength(1);
    expect(seen).toEqual(expected);
  });

  it('IamAuthenticator as the CLI’s client: an API key for a refresh token', async () => {
    const local = await startLocalIam();
    const cli = { apikey: local.apiKey, clientId: 'bx', clientSecret: 'bx' };
    local.iam.reset();
    await tokenOfSdk(new IamAuthenticator({ ...cli, ...sdkOptions(local) }));
    const expected = local.iam.exchanges.map(asSeenByIam);
    local.iam.reset();
    const env = { ...local.env, ICR_API_KEY: local.apiKey, ICR_CREDENTIAL_KIND: 'iamrefresh' };
    expect(credentialsOf(await helperOf(env).get('us.icr.io'))?.Username).toBe('iamrefresh');
    expect(expected[0]?.headers).toMatchObject({ authorization: 'Basic [bx]' });
    expect(local.iam.exchanges.map(asSeenByIam)).toEqual(expected);
  });

  it.each(['id', 'name'] as const)('ContainerAuthenticator: a trusted profile by %s', async (by) => {
    const local = await startLocalIam();
    const profile = local.iam.addTrustedProfile({ name: 'builder' });
    const tokenFile = join(local.home.folder, 'sa-token');
    writeFileSync(tokenFile, local.iam.addCrToken(profile));
    const { sdk, ours } = naming(profile)[by];
    configure(local, { computeIdentity: 'container', tokenFile, ...ours });
    const theirs = new ContainerAuthenticator({ crTokenFilename: tokenFile, ...sdk, ...sdkOptions(local) });
    const { expected, seen } = await compare(local, theirs, local.env);
    expect(expected).toHaveLength(1);
    expect(seen).toEqual(expected);
  });

  it.each(['id', 'crn', 'name'] as const)('IamAssumeAuthenticator: a trusted profile by %s', async (by) => {
    const local = await startLocalIam();
    const deployer = local.iam.addServiceId({ name: 'deployer' });
    const profile = local.iam.addTrustedProfile({ name: 'builder', trusts: [deployer] });
    const apikey = local.iam.addApiKey(deployer);
    const keyFile = join(local.home.folder, 'key');
    writeFileSync(keyFile, apikey, { mode: 0o600 });
    const { sdk, ours } = naming(profile)[by];
    const { account } = profile;
    configure(local, { keyFile, ...ours, ...(by === 'name' && { account }) });
    const names = by === 'name' ? { ...sdk, iamAccountId: account } : sdk;
    const theirs = new IamAssumeAuthenticator({ apikey, ...names, ...sdkOptions(local) });
    const { expected, seen } = await compare(local, theirs, local.env);
    expect(expected.map(({ form }) => form['grant_type'])).toEqual(
      ['apikey', 'assume'].map((grant) => `urn:ibm:params:oauth:grant-type:${grant}`),
    );
    expect(seen).toEqual(expected);
  });

  it.each([
    ['vpc', 'v1', '2022-03-01'],
    ['vpc', 'v2', '2025-08-26'],
    ['power-vs', 'v2', '2025-08-26'],
  ] as const)('VpcInstanceAuthenticator: %s, %s of the service', async (computeIdentity, mode, version) => {
    const local = await startLocalIam();
    const profile = local.iam.addTrustedProfile({ name: 'builder' });
    const { metadata, metadataUrl } = await startLocalMetadata(local.iam, { mode, defaultProfile: profile });
    for (const { sdk, ours } of [...Object.values(naming(profile)), { sdk: {}, ours: {} }]) {
      // Power has no default profile.
      if (computeIdentity === 'power-vs' && !('trustedProfile' in ours)) continue;
      metadata.reset();
      const options = { url: metadataUrl, serviceVersion: version, proxy: false as const, ...sdk };
      await tokenOfSdk(new VpcInstanceAuthenticator(options));
      const expected = metadata.requests.map(asSeenByMetadata);
      expect(expected).toHaveLength(2);
      metadata.reset();
      configure(local, { computeIdentity, metadataUrl, ...ours });
      await tokenOfOurs(local.env);
      const seen = metadata.requests.map(asSeenByMetadata);
      // In VPC version 1 is asked first, as the SDK does unless it is told otherwise.
      const first = computeIdentity === 'vpc' && mode === 'v2' ? seen.shift() : undefined;
      expect(first?.status ?? 404).toBe(404);
      expect(seen).toEqual(expected);
    }
    expect(local.iam.exchanges).toEqual([]);
  });
});
