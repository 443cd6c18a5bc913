import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ProfileSettings } from '../../src/config/settings.ts';
import type { Identity } from '../fakes/iam/identities.ts';
import { claimsOf } from '../support/claims.ts';
import { type ClientHome, makeClientHome } from '../support/client-home.ts';
import { type Cloud, startCloud } from '../support/cloud.ts';
import { credentialsOf, EXECUTABLE, helperOf } from '../support/executable.ts';

/** Machines with an identity of their own, at the addresses and in the places where they really have it. */
let cloud: Cloud;
let home: ClientHome;
let builder: Identity;
let serviceKey: string;

beforeAll(async () => {
  cloud = await startCloud();
  const deployer = cloud.iam.addServiceId({ name: 'deployer' });
  builder = cloud.iam.addTrustedProfile({ name: 'builder', trusts: [deployer] });
  cloud.icr.allow(builder, 'ns', 'manager');
  serviceKey = cloud.iam.addApiKey(deployer);
  cloud.metadata.defaultProfile = builder;
});
afterAll(() => cloud?.stop());
beforeEach(async () => {
  home = await makeClientHome({ caFile: cloud.caFile });
});
afterEach(() => {
  cloud.iam.reset();
  cloud.icr.reset();
  cloud.metadata.reset();
  home?.cleanUp();
});

const configure = (profile: ProfileSettings) => home.configure({ profiles: { default: profile } });

async function pushAndPull(): Promise<void> {
  await home.run('skopeo', ['copy', home.image, 'docker://us.icr.io/ns/app:v1']);
  await home.run('podman', ['pull', 'us.icr.io/ns/app:v1']);
}

const usernames = () => [...new Set(cloud.icr.tokenRequests.map(({ username }) => username))];

describe('skopeo and podman', () => {
  it.each([
    ['vpc', {}],
    ['vpc', { metadataUrl: 'https://api.metadata.cloud.ibm.com' }],
    ['power-vs', {}],
  ] as const)('on a virtual server: %s %o', async (computeIdentity, more) => {
    configure({ computeIdentity, trustedProfile: builder.id, ...more });
    await pushAndPull();
    expect(usernames()).toEqual(['iambearer']);
    expect(cloud.metadata.requests.map(({ status }) => status)).toEqual([200, 200]);
    expect(cloud.iam.exchanges).toEqual([]);
  });

  it('with the key of a service ID that assumes a trusted profile, by token and by its id', async () => {
    const keyFile = join(home.folder, 'key');
    writeFileSync(keyFile, serviceKey, { mode: 0o600 });
    configure({ keyFile, trustedProfile: builder.id });
    await pushAndPull();
    configure({ keyFile, trustedProfile: builder.id, credentialKind: 'iamapikey' });
    await pushAndPull();
    expect(usernames()).toEqual(['iambearer', builder.id]);
  });
});

describe('a container', () => {
  const PLACES = [
    '/var/run/secrets/codeengine.cloud.ibm.com/compute-resource-token/token',
    '/var/run/secrets/tokens/sa-token',
    '/var/run/secrets/tokens/vault-token',
  ];
  // In the namespace /run is empty and ours.
  afterEach(() => rmSync('/var/run/secrets', { recursive: true, force: true }));

  it('finds its token in the usual places, the one of a vault first', async () => {
    configure({ computeIdentity: 'container', trustedProfile: builder.name });
    for (const [index, path] of PLACES.entries()) {
      mkdirSync(dirname(path), { recursive: true });
      const label = cloud.iam.addTrustedProfile({ name: `token ${index}` });
      writeFileSync(path, cloud.iam.addCrToken(label, builder), { mode: 0o644 });
      rmSync(home.cacheFolder, { recursive: true, force: true });
      await pushAndPull();
      expect(cloud.iam.exchanges.at(-1)?.form['cr_token']).toBe(`[token ${index}]`);
    }
    expect(cloud.iam.tokenRequests('cr-token')).toBe(PLACES.length);
    expect(usernames()).toEqual(['iambearer']);
  });
});

describe('where nothing says that this is a machine of IBM’s', () => {
  it('nobody is asked, and no token is looked for', async () => {
    const log = join(home.folder, 'strace.log');
    const key = join(home.folder, 'key');
    writeFileSync(key, serviceKey, { mode: 0o600 });
    const seen = [];
    for (const [args, profile] of [
      [['get'], {}],
      [['get'], { keyFile: key }],
      [['status'], {}],
      [['doctor', '--offline', 'us.icr.io'], {}],
      [['doctor', 'us.icr.io'], { keyFile: key }],
    ] as const) {
      configure(profile);
      const trace = ['-f', '-s', '1000', '-e', 'trace=connect,%file', '-o', log];
      await home.attempt('strace', [...trace, EXECUTABLE, ...args], 'us.icr.io');
      seen.push(readFileSync(log, 'utf8'));
    }
    const text = seen.join('\n');
    // It does see what there is to see.
    expect(text).toContain('settings.json');
    expect(text).toContain('192.0.2.1');
    const trails = text.split('\n').filter((line) => /169\.254|api\.metadata|run\/secrets/.test(line));
    expect(trails).toEqual([]);
    expect(cloud.metadata.requests).toEqual([]);
  });

  it('and where something does, that one alone is', async () => {
    configure({ computeIdentity: 'vpc' });
    const answer = credentialsOf(await helperOf(home.env).get('us.icr.io'));
    expect(claimsOf(answer?.Secret)).toMatchObject({ sub: builder.id });
    expect(cloud.metadata.requests.map(({ headers }) => headers['host'])).toEqual(
      Array(2).fill('169.254.169.254'),
    );
  });
});
