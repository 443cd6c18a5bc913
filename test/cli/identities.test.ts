import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ProfileSettings } from '../../src/config/settings.ts';
import { helperOf, runHelper } from '../support/executable.ts';
import { addUser, NO_REGISTRY, startLocalIam } from '../support/local-iam.ts';
import { startLocalMetadata } from '../support/local-metadata.ts';

/** What login, status and doctor say of each identity. */
async function prepare() {
  const local = await startLocalIam();
  const { iam, home, url } = local;
  const anna = addUser(iam, 'anna-herself');
  const deployer = iam.addServiceId({ name: 'deployer' });
  const builder = iam.addTrustedProfile({ name: 'builder', trusts: [deployer] });
  const service = await startLocalMetadata(iam, { defaultProfile: builder });
  const configure = (profile: ProfileSettings) =>
    home.configure({ iamEndpoint: url, profiles: { default: profile } });
  const env = { ...local.env, ...NO_REGISTRY };
  return { ...local, env, anna, deployer, builder, ...service, configure };
}

async function statusOf(env: Record<string, string>) {
  const json = await runHelper(['status', '--json', 'us.icr.io'], { env });
  const text = await runHelper(['status', 'us.icr.io'], { env });
  expect(json.stdout + text.stdout).not.toContain('eyJ');
  return { ...JSON.parse(json.stdout).registries[0], text: text.stdout.split('\n')[0] };
}

async function doctorOf(env: Record<string, string>, ...args: string[]) {
  const run = await runHelper(['doctor', '--json', 'us.icr.io', ...args], { env });
  const { findings } = JSON.parse(run.stdout);
  const of = (name: string) =>
    findings.filter(({ check }: { check: string }) => check === name) as Record<string, string>[];
  return { of, stdout: run.stdout };
}

describe.each([
  ['user', 'anna', 'user'],
  ['service ID', 'deployer', 'service ID'],
] as const)('a key of a %s', (_, name, kind) => {
  it('is shown as such by login, status and doctor', async () => {
    const { iam, env, apiKey, deployer } = await prepare();
    const input = name === 'anna' ? apiKey : iam.addApiKey(deployer);
    const shown = name === 'anna' ? 'anna@example.com' : 'deployer';
    const login = await runHelper(['login', '--apikey-stdin'], { env, input });
    expect(login.stdout).toContain(`Logged in as ${shown}, ${kind} of account ${iam.account}`);
    expect(await statusOf(env)).toMatchObject({
      source: 'your login',
      identity: { kind, name: shown, account: iam.account },
      text: expect.stringMatching(
        new RegExp(
          `^us\\.icr\\.io: your login answers with iambearer, ${shown} \\(${kind}, account ${iam.account}\\), token cached until \\S+Z$`,
        ),
      ),
    });
    const { of } = await doctorOf(env);
    expect(of('exchange')[0]?.['title']).toContain(`IAM gives a token for ${shown}, ${kind} of account`);
  });
});

describe('a compute identity', () => {
  it('is shown with its source, what it is, and whose, once it is known', async () => {
    const { env, builder, metadata, metadataUrl, configure } = await prepare();
    configure({ computeIdentity: 'vpc', metadataUrl });
    const credential = 'the compute identity of this virtual server (VPC), its default trusted profile';
    expect(await statusOf(env)).toMatchObject({
      source: 'the login of profile default',
      credential,
      kind: 'iambearer',
    });
    const offline = await doctorOf(env, '--offline');
    expect(offline.of('chain')[0]).toMatchObject({
      status: 'ok',
      title: 'the login of profile default answers for us.icr.io, as iambearer',
      detail: expect.stringContaining(`the login of profile default: ${credential}\n`),
    });
    expect(metadata.requests).toEqual([]);
    await helperOf(env).get('us.icr.io');
    expect(await statusOf(env)).toMatchObject({
      identity: { kind: 'trusted profile', name: 'builder', iamId: builder.iamId },
      text: expect.stringMatching(
        /^us\.icr\.io: the login of profile default \(the compute identity .*\) answers with iambearer, builder \(trusted profile, account \w+\), token cached until \S+Z$/,
      ),
    });
  });

  it('is tried by doctor past the cache, without IAM', async () => {
    const { iam, env, metadata, metadataUrl, configure } = await prepare();
    configure({ computeIdentity: 'vpc', metadataUrl });
    await helperOf(env).get('us.icr.io');
    const well = await doctorOf(env);
    expect(well.of('iam')[0]).toMatchObject({
      status: 'skipped',
      title: expect.stringContaining(metadataUrl),
    });
    expect(well.of('exchange')[0]).toMatchObject({
      status: 'ok',
      title: expect.stringContaining('IAM gives a token for builder, trusted profile of account'),
    });
    expect(iam.exchanges).toEqual([]);
    metadata.mode = 'silent';
    expect((await doctorOf(env)).of('exchange')[0]).toMatchObject({
      status: 'failure',
      title: expect.stringContaining('did not answer'),
      hint: expect.stringContaining('may be disabled for this instance'),
    });
  });

  it('that is broken: the chain says so, with a hint', async () => {
    const { env, configure } = await prepare();
    configure({ computeIdentity: 'container' });
    expect((await statusOf(env)).text).toBe(
      'us.icr.io: the login of profile default is broken: profiles.default.computeIdentity is container, but no trusted profile is named; set profiles.default.trustedProfile to the id, CRN or name of one that trusts this machine',
    );
    expect((await doctorOf(env, '--offline')).of('chain')[0]).toMatchObject({
      status: 'failure',
      hint: expect.stringContaining('set profiles.default.trustedProfile'),
    });
  });

  it('of a kind that it cannot be: both say so', async () => {
    const { env, metadataUrl, configure } = await prepare();
    configure({ computeIdentity: 'vpc', metadataUrl });
    const other = { ...env, ICR_CREDENTIAL_KIND: 'iamapikey' };
    const problem = 'the credential kind is iamapikey, but the compute identity of this virtual server';
    expect((await statusOf(other)).reason).toContain(problem);
    expect((await doctorOf(other, '--offline')).of('chain')[0]).toMatchObject({
      status: 'failure',
      title: expect.stringContaining(problem),
      hint: expect.stringContaining('iambearer'),
    });
  });

  it('in settings that are wrong: doctor names each', async () => {
    const { env, configure } = await prepare();
    configure({
      tokenFile: 'token',
      metadataUrl: 'http://metadata.example',
      trustedProfile: 'a\nb',
      account: '1',
    });
    const { of } = await doctorOf(env, '--offline');
    expect(of('settings').map(({ status, title }) => `${status}: ${title}`)).toEqual([
      'failure: profiles.default.tokenFile is token, which is not an absolute path',
      'failure: profiles.default.metadataUrl is not the address of an instance metadata service',
      'failure: profiles.default.trustedProfile is no id, CRN or name of a trusted profile',
      'failure: profiles.default.account is not the id of an account',
      'warning: profiles.default.tokenFile has no effect',
      'warning: profiles.default.metadataUrl has no effect',
    ]);
  });
});

describe('an assumed trusted profile', () => {
  it('is tried by login: named where it works, and nothing stored where IAM refuses it', async () => {
    const { iam, env, home, apiKey, deployer, builder, configure } = await prepare();
    configure({ trustedProfile: builder.id });
    const login = (input: string) => runHelper(['login', '--apikey-stdin'], { env, input });
    const refused = await login(apiKey);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toMatch(/error: .* refuses the access token: .*does not trust this identity/);
    expect(refused.stderr).toContain(
      `check in IAM (Trusted profiles) that the trusted profile ${builder.id}`,
    );
    expect(existsSync(home.dataFolder)).toBe(false);
    const taken = await login(iam.addApiKey(deployer));
    expect(taken.stdout).toContain(`It assumes the trusted profile builder (${builder.iamId})`);
    const exchanges = iam.exchanges.length;
    expect((await helperOf(env).get('us.icr.io')).code).toBe(0);
    expect(iam.exchanges).toHaveLength(exchanges);
  });

  it('is no user name for ICR with the key of a user: refused by login and export', async () => {
    const { iam, env, home, anna, configure } = await prepare();
    const { id } = iam.addTrustedProfile({ name: 'open', trusts: [anna] });
    const apiKey = iam.addApiKey(anna);
    const problem = `ICR takes the user name ${id} with the API key of a service ID only`;
    configure({ trustedProfile: id, credentialKind: 'iamapikey' });
    const login = await runHelper(['login', '--apikey-stdin'], { env, input: apiKey });
    expect(login).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining(problem) });
    expect(existsSync(home.dataFolder)).toBe(false);
    configure({ trustedProfile: id });
    expect((await runHelper(['login', '--apikey-stdin'], { env, input: apiKey })).code).toBe(0);
    const exported = await runHelper(['export', 'kubernetes', '--registry', 'us.icr.io'], { env });
    expect(exported).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining(problem) });
  });

  it('is shown with who assumes it, and with the user name that ICR gets', async () => {
    const { iam, env, home, deployer, builder, configure } = await prepare();
    const keyFile = join(home.folder, 'key');
    writeFileSync(keyFile, iam.addApiKey(deployer), { mode: 0o600 });
    configure({ keyFile, trustedProfile: builder.id });
    const credential = `the trusted profile ${builder.id}, assumed by an API key`;
    await helperOf(env).get('us.icr.io');
    expect(await statusOf(env)).toMatchObject({
      credential,
      username: 'iambearer',
      identity: { kind: 'trusted profile', name: 'builder' },
    });
    expect(await statusOf({ ...env, ICR_CREDENTIAL_KIND: 'iamapikey' })).toMatchObject({
      kind: 'iamapikey',
      username: builder.id,
    });
    expect((await doctorOf(env)).of('exchange')[0]).toMatchObject({
      title: expect.stringContaining('builder, trusted profile of account'),
    });
    rmSync(keyFile);
    expect((await statusOf(env)).reason).toContain('which does not exist');
  });
});
