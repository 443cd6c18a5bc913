import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { helperOf, runHelper } from '../support/executable.ts';
import { NO_REGISTRY, startLocalIam } from '../support/local-iam.ts';

interface Found {
  check: string;
  status: string;
  title: string;
  detail?: string;
  hint?: string;
}

async function examine(env: Record<string, string>, ...args: string[]) {
  const run = await runHelper(['doctor', '--json', ...args], { env });
  const { host, findings, summary } = JSON.parse(run.stdout);
  const of = (check: string): Found[] => findings.filter((finding: Found) => finding.check === check);
  return { ...run, host, of, summary, findings: findings as Found[] };
}

describe('doctor', () => {
  it('keeps the namespace in its lines', async () => {
    const { env } = await startLocalIam();
    const run = await runHelper(['doctor', '--offline', 'us.icr.io/team'], { env });
    expect(run.stdout).toContain('chain: nothing answers for us.icr.io/team\n');
    expect(run.stdout).toMatch(/\nus\.icr\.io\/team: \d+ failure/);
  });

  it('says once that the settings are wrong', async () => {
    const { env, home } = await startLocalIam();
    home.configure({ store: 'disk' });
    const { of, findings } = await examine({ ...env, ...NO_REGISTRY }, 'us.icr.io');
    expect(of('settings')).toMatchObject([{ status: 'failure', hint: 'correct it or remove it' }]);
    expect(of('chain')).toMatchObject([
      { status: 'skipped', title: 'nothing answers while the settings are wrong' },
    ]);
    expect(JSON.stringify(findings).match(/store is /g)).toHaveLength(1);
  });

  it('says which profile has no name of one', async () => {
    const { env, home } = await startLocalIam();
    home.configure({ registries: { 'us.icr.io': { profile: 'Work' } }, profiles: { Ci: {} } });
    const { of } = await examine(env, '--offline', 'de.icr.io');
    expect(of('settings')).toMatchObject([
      { status: 'failure', title: 'registries.us.icr.io.profile: "Work" is not a name of a profile' },
      { status: 'failure', title: 'profiles: "Ci" is not a name of a profile' },
    ]);
  });

  it('--offline knows that a container has no token', async () => {
    const { env, home } = await startLocalIam();
    const trustedProfile = 'Profile-11111111-2222-3333-4444-555555555555';
    home.configure({ profiles: { default: { computeIdentity: 'container', trustedProfile } } });
    const { of } = await examine(env, '--offline', 'us.icr.io');
    expect(of('chain')).toMatchObject([
      { status: 'failure', title: expect.stringContaining('there is no compute resource token') },
    ]);
  });

  it('--offline asks nobody, and leaves nothing behind', async () => {
    const { env, iam, home, apiKey } = await startLocalIam();
    const { findings, summary, code, stderr } = await examine({ ...env, ICR_API_KEY: apiKey }, '--offline');
    const skipped = findings.filter(({ status }) => status === 'skipped').map(({ check }) => check);
    expect(skipped).toEqual(['secrets', 'iam', 'exchange', 'registry']);
    expect(summary.skipped).toBe(4);
    // Not on PATH here.
    expect(summary.failure).toBe(1);
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(iam.exchanges).toEqual([]);
    expect(existsSync(home.cacheFolder)).toBe(false);
    expect(existsSync(home.dataFolder)).toBe(false);
  });

  it('says who answers, what else there is, and what IAM thinks of it, without showing a secret', async () => {
    const { env, url, apiKey } = await startLocalIam();
    await helperOf(env).store('de.icr.io', 'iamapikey', apiKey);
    const variables = { ...env, ...NO_REGISTRY, IBMCLOUD_API_KEY: 'x'.repeat(44) };
    const { host, of, stdout } = await examine(variables);
    expect(host).toBe('de.icr.io');
    expect(of('chain')).toEqual([
      {
        check: 'chain',
        status: 'ok',
        title: 'the stored login answers for de.icr.io, as iambearer',
        detail: expect.stringMatching(
          /the stored login: an API key\n.*the environment \(IBMCLOUD_API_KEY\): an API key, comes later/s,
        ),
      },
    ]);
    expect(of('iam')[0]).toMatchObject({ status: 'ok', title: `${new URL(url).host} answers` });
    expect(of('iam')[0]?.detail).toMatch(/^without a proxy; certificates also from SSL_CERT_FILE=/);
    expect(of('exchange')[0]?.title).toMatch(/^IAM gives a token for anna@example\.com, user of account/);
    expect(of('registry')[0]?.hint).toContain('check that the proxy 127.0.0.1:9 runs');
    for (const secret of [apiKey, 'x'.repeat(44), 'eyJ']) expect(stdout).not.toContain(secret);
  });

  it.each([
    ['nothing is stored', {}, 'failure', 'nothing answers for us.icr.io'],
    ['a file is missing', { ICR_API_KEY_FILE: '/nonexistent' }, 'failure', 'names /nonexistent'],
    [
      'there is no such profile',
      { ICR_PROFILE: 'work' },
      'failure',
      'there is no login for the profile work',
    ],
    [
      'the kind is wrong',
      { ICR_API_KEY: 'k', ICR_CREDENTIAL_KIND: 'x' },
      'failure',
      'ICR_CREDENTIAL_KIND is "x"',
    ],
  ])('%s: the chain says so', async (_, variables, status, words) => {
    const { env } = await startLocalIam();
    const { of } = await examine({ ...env, ...variables }, 'us.icr.io', '--offline');
    expect(of('chain')[0]).toMatchObject({ status, title: expect.stringContaining(words) });
    expect(of('chain')[0]?.hint).toBeTruthy();
  });

  it('a logout and a session are warnings', async () => {
    const { env } = await startLocalIam();
    await helperOf(env).erase('us.icr.io');
    const out = await examine(env, 'us.icr.io', '--offline');
    expect(out.of('chain')[0]).toMatchObject({
      status: 'warning',
      title: expect.stringContaining('logged out'),
      hint: expect.stringMatching(
        /docker-credential-icr login, or docker-credential-icr configure us\.icr\.io /,
      ),
    });
    const status = await runHelper(['status', 'us.icr.io'], { env });
    expect(status.stdout).toContain(`us.icr.io: logged out; ${out.of('chain')[0]?.hint}\n`);
    await helperOf(env).store('us.icr.io', '<token>', 'a session of the registry');
    const session = await examine(env, 'us.icr.io', '--offline');
    expect(session.of('chain')[0]).toMatchObject({
      status: 'warning',
      title: expect.stringContaining('and runs out'),
    });
  });

  it('settings that cannot be read, and mistyped variables', async () => {
    const { env, home } = await startLocalIam();
    const file = join(home.folder, '.config/docker-credential-icr/settings.json');
    writeFileSync(file, '{"store": "disk"}');
    const { of } = await examine({ ...env, ICR_APIKEY: 'k', ICR_NAMESPACE: 'n' }, '--offline');
    expect(of('settings')).toEqual([
      expect.objectContaining({ status: 'failure', title: expect.stringContaining('store is "disk"') }),
      expect.objectContaining({ status: 'warning', hint: 'name it ICR_API_KEY if that is meant' }),
    ]);
    writeFileSync(file, '{"iamEndpoint": "http://iam.example"}');
    chmodSync(file, 0o666);
    const open = await examine(env, '--offline');
    expect(open.of('settings').map(({ title }) => title)).toEqual([
      'iamEndpoint in the settings does not begin with https://',
      expect.stringContaining('can be changed by other users'),
    ]);
  });

  it('a runtime folder open to others, a cache folder open to others', async () => {
    const { env, home } = await startLocalIam();
    mkdirSync(home.cacheFolder, { mode: 0o755 });
    expect((await examine(env, '--offline')).of('cache')[0]).toMatchObject({
      status: 'warning',
      hint: expect.stringContaining(`chmod 700 ${home.cacheFolder}`),
    });
    chmodSync(join(home.folder, 'run'), 0o755);
    expect((await examine(env, '--offline')).of('cache')[0]).toMatchObject({
      status: 'warning',
      title: expect.stringContaining('XDG_RUNTIME_DIR names'),
    });
  });

  it('the settings may choose the file store: the keychain is not tried', async () => {
    const { env } = await startLocalIam({ store: 'file' });
    expect((await examine(env, '--offline')).of('keychain')[0]?.status).toBe('skipped');
  });

  it('names what a client file says wrong, and never quotes it', async () => {
    const { env, home } = await startLocalIam();
    const auth = Buffer.from('iamapikey:a secret word').toString('base64');
    mkdirSync(join(home.folder, '.docker'));
    const config = join(home.folder, '.docker/config.json');
    writeFileSync(config, JSON.stringify({ auths: { 'us.icr.io': { auth } } }));
    const { of, stdout } = await examine(env, 'us.icr.io', '--offline');
    expect(of('clients')[0]).toMatchObject({
      status: 'failure',
      title: `${config} holds a login for us.icr.io in clear text, which goes before the helper`,
      hint: expect.stringContaining('configure --move-logins'),
    });
    expect(stdout).not.toContain(auth);
    expect(readFileSync(config, 'utf8')).toContain(auth);
  });

  it('is for ICR only, and knows its options', async () => {
    const { env } = await startLocalIam();
    expect(await runHelper(['doctor', 'docker.io'], { env })).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^error: docker\.io is not a registry of IBM Cloud.*\nhint: /),
    });
    expect(await runHelper(['doctor', '--ofline'], { env })).toMatchObject({ code: 2 });
  });
});
