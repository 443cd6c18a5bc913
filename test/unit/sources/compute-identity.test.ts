import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { ComputeIdentity } from '../../../src/config/settings.ts';
import type { TokenServices } from '../../../src/credential.ts';
import { HelperError } from '../../../src/errors.ts';
import type { Grant } from '../../../src/iam/grants.ts';
import { computeCredential } from '../../../src/sources/compute-identity.ts';
import { createIam } from '../../fakes/iam.ts';
import { createMetadata } from '../../fakes/metadata.ts';
import { memoryStore } from '../../support/memory-store.ts';
import { hostOf } from '../../support/registry-host.ts';
import { makeHome } from '../../support/test-home.ts';
import { testSystem } from '../../support/test-system.ts';

const HOST = hostOf('us.icr.io');
const IBM = 'https://iam.cloud.ibm.com';
const ID = 'Profile-00000000-1111-2222-3333-444444444444';
const TOKENS = { accessToken: 'a.b.c', receivedAt: 0, expiresIn: 3600 };

const find = (computeIdentity: ComputeIdentity, more: object = {}, settings: object = {}, host = HOST) =>
  computeCredential({ name: 'work', computeIdentity, ...more }, host, {
    settings,
    system: testSystem(),
    store: memoryStore(),
  });

const unused = () => Promise.reject(new Error('not asked'));
const services = (changes: Partial<TokenServices>): TokenServices => ({
  exchange: unused,
  http: unused,
  ...changes,
});

describe('a container', () => {
  const tokenFile = () => {
    const path = `${makeHome().folder}/token`;
    writeFileSync(path, 'first');
    return path;
  };

  it('shows its token, as it is when it is needed, to become a trusted profile', async () => {
    const path = tokenFile();
    const credential = find('container', { trustedProfile: ID, tokenFile: path });
    expect(credential).toMatchObject({
      type: 'token',
      issuer: IBM,
      fingerprint: JSON.stringify(['container', `file:${path}`, { id: ID }]),
      shows: `the compute identity of this container, trusted profile ${ID}`,
    });
    writeFileSync(path, 'second');
    const shown: [Grant, string][] = [];
    const exchange = async (...asked: [Grant, string]) => {
      shown.push(asked);
      return TOKENS;
    };
    expect(await credential?.obtain(services({ exchange }))).toBe(TOKENS);
    expect(shown).toMatchObject([[{ form: { cr_token: 'second', profile_id: ID } }, IBM]]);
  });

  it('can be looked at without asking IAM: its token is there or not', () => {
    const credential = (path: string) => find('container', { trustedProfile: ID, tokenFile: path });
    expect(credential(tokenFile())?.checkOffline?.()).toBeUndefined();
    expect(() => credential('/nowhere')?.checkOffline?.()).toThrow('names /nowhere, which does not exist');
  });

  it('is told what to look at where IAM says no', async () => {
    const exchange = () => Promise.reject(new HelperError('rejected', 'no'));
    const credential = find('container', { trustedProfile: 'crn:v1:x', tokenFile: tokenFile() });
    await expect(credential?.obtain(services({ exchange }))).rejects.toMatchObject({
      message: 'no',
      hint: expect.stringContaining('trusted profile crn:v1:x exists and trusts this cluster'),
    });
  });

  it('without a file has one of the usual ones', () => {
    expect(find('container', { trustedProfile: 'builds', account: 'a1' })).toMatchObject({
      fingerprint: JSON.stringify(['container', 'file:', { name: 'builds', account: 'a1' }]),
      shows: 'the compute identity of this container, trusted profile builds',
    });
  });

  it('shows it to nobody but IBM', () => {
    const settings = { iamEndpoint: 'https://iam.example' };
    expect(() => find('container', { trustedProfile: ID }, settings)).toThrow(
      'nothing from a file is sent there',
    );
  });

  it('names its file by a whole path', () => {
    expect(() => find('container', { trustedProfile: ID, tokenFile: 'token' })).toThrow(
      'profiles.work.tokenFile is token, which is not an absolute path',
    );
  });
});

describe('a virtual server', () => {
  it.each<[ComputeIdentity, object, string, string]>([
    ['vpc', {}, 'http://169.254.169.254', 'virtual server (VPC), its default trusted profile'],
    ['vpc', { trustedProfile: ID }, 'http://169.254.169.254', `virtual server (VPC), trusted profile ${ID}`],
    [
      'power-vs',
      { trustedProfile: 'crn:v1:x' },
      'https://api.metadata.power-iaas.cloud.ibm.com',
      'virtual server (Power), trusted profile crn:v1:x',
    ],
    [
      'vpc',
      { metadataUrl: 'http://127.0.0.1:8080/' },
      'http://127.0.0.1:8080',
      'its default trusted profile',
    ],
  ])('%s %j asks its metadata service', (kind, more, issuer, shows) => {
    const credential = find(kind, more);
    expect(credential).toMatchObject({ type: 'token', asksIam: false, issuer });
    expect(credential?.shows).toContain(shows);
  });

  it('is another one on each start, and for each profile and kind', () => {
    const all = [
      find('vpc'),
      find('vpc', { trustedProfile: 'a' }),
      find('vpc', { trustedProfile: 'b' }),
      find('power-vs', { trustedProfile: 'a' }),
    ].map((credential) => credential?.fingerprint);
    expect(new Set(all).size).toBe(4);
    // The boot id of random(4).
    for (const fingerprint of all) expect(fingerprint).toMatch(/"[0-9a-f-]{36}"\]$/);
  });

  it('becomes its trusted profile', async () => {
    const iam = createIam();
    const defaultProfile = iam.addTrustedProfile({ name: 'builds' });
    const metadata = createMetadata({ iam, defaultProfile });
    const http = async ({ method, url, headers, body }: Parameters<TokenServices['http']>[0]) => {
      const response = await metadata.handle(new Request(url, { method, headers, ...(body && { body }) }));
      return { status: response.status, header: () => null, body: await response.text() };
    };
    expect(await find('vpc')?.obtain(services({ http }))).toMatchObject({ expiresIn: 3600 });
  });

  it('is at an address of IBM’s or its own', () => {
    expect(() => find('vpc', { metadataUrl: 'http://attacker.example' })).toThrow(
      'profiles.work.metadataUrl is not the address of an instance metadata service',
    );
  });
});

it.each<ComputeIdentity>(['container', 'power-vs'])('%s needs a trusted profile', (kind) => {
  expect(() => find(kind)).toThrow(
    expect.objectContaining({
      code: 'settings',
      message: `profiles.work.computeIdentity is ${kind}, but no trusted profile is named`,
      hint: expect.stringContaining('profiles.work.trustedProfile'),
    }),
  );
});

it('a trusted profile that is none is an error that says where it stands', () => {
  expect(() => find('vpc', { trustedProfile: '\n' })).toThrow('profiles.work.trustedProfile is no id');
});

it.each<ComputeIdentity>(['container', 'vpc', 'power-vs'])('%s belongs to production', (kind) => {
  expect(find(kind, { trustedProfile: ID }, {}, hostOf('stg.icr.io'))).toBeNull();
});
