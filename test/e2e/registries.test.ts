import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { ICR_HOSTS } from '../../src/registry-host.ts';
import { type ClientHome, makeClientHome } from '../support/client-home.ts';
import { addManager, type Cloud, startCloud } from '../support/cloud.ts';
import { credentialsOf, helperOf, runHelper } from '../support/executable.ts';

/** Every region by its public and its private name, and staging. */
let cloud: Cloud;
let home: ClientHome;
let apiKey: string;

beforeAll(async () => {
  cloud = await startCloud();
  ({ apiKey } = addManager(cloud));
});
afterAll(() => cloud?.stop());
beforeEach(async () => {
  cloud.iam.reset();
  cloud.icr.reset();
  home = await makeClientHome({ caFile: cloud.caFile });
});
afterEach(() => home?.cleanUp());

const login = (...args: string[]) =>
  runHelper(['login', '--apikey-stdin', ...args], { env: home.env, input: apiKey });
const exchangeHosts = () => cloud.iam.exchanges.map(({ host }) => host);

it('one login and one exchange serve a client at every name', async () => {
  expect((await login('--configure')).code).toBe(0);
  await home.run('skopeo', ['copy', home.image, 'docker://us.icr.io/ns/app:v1']);
  for (const host of ICR_HOSTS) await home.run('skopeo', ['inspect', `docker://${host}/ns/app:v1`]);
  expect(cloud.iam.tokenRequests()).toBe(1);
  expect(new Set(cloud.icr.tokenRequests.map(({ host }) => host))).toEqual(new Set(ICR_HOSTS));
});

it('a private name takes the private IAM only where the settings say so', async () => {
  await login();
  cloud.iam.exchanges.length = 0;
  const { get } = helperOf(home.env);
  expect(credentialsOf(await get('private.us.icr.io'))).toBeTruthy();
  expect(exchangeHosts()).toEqual([]);
  home.configure({ privateIamEndpoint: 'https://private.iam.cloud.ibm.com' });
  expect(credentialsOf(await get('private.us.icr.io'))).toBeTruthy();
  expect(credentialsOf(await get('us.icr.io'))).toBeTruthy();
  expect(exchangeHosts()).toEqual(['private.iam.cloud.ibm.com']);
});

it('staging has an IAM of its own, and gets no key of production', async () => {
  await login();
  cloud.iam.exchanges.length = 0;
  expect(credentialsOf(await helperOf(home.env).get('stg.icr.io'))).toBeNull();
  const keyFile = join(home.folder, 'key');
  writeFileSync(keyFile, apiKey, { mode: 0o600 });
  home.configure({ profiles: { other: { keyFile } }, registries: { 'stg.icr.io': { profile: 'other' } } });
  expect(credentialsOf(await helperOf(home.env).get('stg.icr.io'))).toBeNull();
  expect(cloud.staging.exchanges).toEqual([]);
  home.configure({});
  const stranger = await login('--registry', 'stg.icr.io');
  expect(stranger).toMatchObject({ code: 1, stderr: expect.stringContaining('iam.test.cloud.ibm.com') });
  const tester = cloud.staging.addUser({ email: 'tess@example.com', iamId: 'IBMid-tess' });
  const input = cloud.staging.addApiKey(tester);
  const env = home.env;
  const run = await runHelper(['login', '--apikey-stdin', '--registry', 'stg.icr.io'], { env, input });
  expect(run.code).toBe(0);
  expect(credentialsOf(await helperOf(env).get('stg.icr.io'))?.Username).toBe('iambearer');
  expect(cloud.iam.exchanges).toEqual([]);
});
