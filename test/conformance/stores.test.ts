import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { claimsOf } from '../support/claims.ts';
import { credentialsOf, EXECUTABLE, helperOf, runHelper } from '../support/executable.ts';
import { addUser, startLocalIam } from '../support/local-iam.ts';
import { pause } from '../support/pause.ts';
import { command, succeed } from '../support/processes.ts';
import { until } from '../support/until.ts';

const secretsIn = (folder: string) => readdirSync(join(folder, 'secrets'));

describe('records and secrets stay in step', () => {
  it('an erase during an exchange leaves no secret behind', async () => {
    const { iam, env, home, apiKey } = await startLocalIam();
    const given = helperOf({ ...env, ICR_API_KEY: apiKey, ICR_CREDENTIAL_KIND: 'iamrefresh' });
    const session = credentialsOf(await given.get('us.icr.io'))?.Secret ?? '';
    const helper = helperOf(env);
    await helper.store('us.icr.io', 'iamrefresh', session);
    iam.setFault({ kind: 'delay', milliseconds: 2_000 });
    const late = helper.get('us.icr.io');
    await until('IAM is asked', () => iam.tokenRequests('refresh_token') === 1);
    expect(await helper.erase('us.icr.io')).toMatchObject({ code: 0 });
    await late;
    expect(secretsIn(home.dataFolder)).toEqual([]);
  });

  it('parallel logins, gets and erases of three registries leave what the records name', async () => {
    const { iam, env, home } = await startLocalIam();
    const helper = helperOf(env);
    const keys = Array.from({ length: 4 }, (_, index) => iam.addApiKey(addUser(iam, `user${index}`)));
    const hosts = ['us.icr.io', 'de.icr.io', 'jp.icr.io'];
    const work = Array.from({ length: 60 }, (_, index) => {
      const host = hosts[index % 3] ?? '';
      if (index % 4 === 0) return helper.erase(host);
      return index % 4 === 1 ? helper.get(host) : helper.store(host, 'iamapikey', keys[index % 4] ?? '');
    });
    const runs = await Promise.all(work);
    expect(
      runs.filter(({ code, stdout }) => code !== 0 && !stdout.startsWith('credentials not found')),
    ).toEqual([]);
    const named = Object.keys(JSON.parse((await helper.list()).stdout));
    for (const host of named) expect(credentialsOf(await helper.get(host))).toBeTruthy();
    for (const host of hosts) await helper.erase(host);
    expect(secretsIn(home.dataFolder)).toEqual([]);
  });

  it('an erase of a host takes the logins of its namespaces along', async () => {
    const { env, apiKey } = await startLocalIam();
    await runHelper(['login', '--apikey-stdin', '--registry', 'us.icr.io/team'], { env, input: apiKey });
    expect(credentialsOf(await helperOf(env).get('us.icr.io/team/app'))).toBeTruthy();
    await helperOf(env).erase('us.icr.io');
    expect(credentialsOf(await helperOf(env).get('us.icr.io/team/app'))).toBeNull();
  });

  it('a namespace’s login can be erased alone', async () => {
    const { iam, env, apiKey } = await startLocalIam();
    await helperOf(env).store('us.icr.io', 'iamapikey', apiKey);
    const team = iam.addApiKey(addUser(iam, 'team'));
    await runHelper(['login', '--apikey-stdin', '--registry', 'us.icr.io/team'], { env, input: team });
    await helperOf(env).erase('us.icr.io/team');
    expect(claimsOf(credentialsOf(await helperOf(env).get('us.icr.io/team/app'))?.Secret)).toMatchObject({
      iam_id: 'IBMid-anna',
    });
  });

  it('serves repositories of any depth and length', async () => {
    const { env, apiKey } = await startLocalIam();
    await helperOf(env).store('us.icr.io', 'iamapikey', apiKey);
    for (const repository of [
      'n'.repeat(240),
      Array.from({ length: 9 }, () => 'part'.repeat(10)).join('/'),
    ]) {
      expect(credentialsOf(await helperOf(env).get(`us.icr.io/ns/${repository}`))).toBeTruthy();
    }
  });
});

describe('refresh tokens', () => {
  it('never lie in the cache', async () => {
    const { env, home, apiKey } = await startLocalIam();
    const given = helperOf({ ...env, ICR_API_KEY: apiKey, ICR_CREDENTIAL_KIND: 'iamrefresh' });
    const session = credentialsOf(await given.get('us.icr.io'))?.Secret ?? '';
    expect(readdirSync(join(home.folder, 'run'))).toEqual([]);
    await helperOf(env).store('us.icr.io', 'iamrefresh', session);
    await helperOf(env).get('us.icr.io');
    expect(readdirSync(home.cacheFolder).filter((name) => name.endsWith('.token'))).toHaveLength(1);
    await helperOf(env).erase('us.icr.io');
    expect(readdirSync(home.cacheFolder).filter((name) => name.endsWith('.token'))).toEqual([]);
  });

  it('are not shown again where nobody knows whether IAM has seen them', async () => {
    const { iam, env, apiKey } = await startLocalIam();
    const given = helperOf({ ...env, ICR_API_KEY: apiKey, ICR_CREDENTIAL_KIND: 'iamrefresh' });
    await helperOf(env).store(
      'us.icr.io',
      'iamrefresh',
      credentialsOf(await given.get('us.icr.io'))?.Secret ?? '',
    );
    iam.failNext(1, { kind: 'cut-body' });
    expect(await helperOf(env).get('us.icr.io')).toMatchObject({ code: 1 });
    expect(iam.tokenRequests('refresh_token')).toBe(1);
  });

  it('are renewed once, also by processes with different caches', async () => {
    const { iam, env, home, apiKey } = await startLocalIam();
    const given = helperOf({ ...env, ICR_API_KEY: apiKey, ICR_CREDENTIAL_KIND: 'iamrefresh' });
    await helperOf(env).store(
      'us.icr.io',
      'iamrefresh',
      credentialsOf(await given.get('us.icr.io'))?.Secret ?? '',
    );
    iam.setFault({ kind: 'delay', milliseconds: 300 });
    const { XDG_RUNTIME_DIR: _, ...elsewhere }: Record<string, string> = env;
    const other = { ...elsewhere, XDG_CACHE_HOME: join(home.folder, 'other') };
    const runs = await Promise.all(
      [env, other, env, other].map((variables) => helperOf(variables).get('us.icr.io')),
    );
    expect(runs.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
    expect(iam.exchanges.filter(({ status }) => status !== 200)).toEqual([]);
  });
});

describe('a hostile environment', () => {
  it('cannot send a stored key elsewhere through other settings', async () => {
    const { iam, url, env, home, apiKey } = await startLocalIam();
    const project = join(home.folder, 'project/docker-credential-icr');
    mkdirSync(project, { recursive: true });
    // Stored for IBM, which is out of reach here.
    home.configure({});
    await helperOf(env).store('us.icr.io', 'iamapikey', apiKey);
    writeFileSync(join(project, 'settings.json'), JSON.stringify({ iamEndpoint: url }));
    const run = await helperOf({ ...env, XDG_CONFIG_HOME: join(home.folder, 'project') }).get('us.icr.io');
    expect(run).toMatchObject({ code: 1, stdout: expect.stringContaining('iam.cloud.ibm.com') });
    expect(iam.exchanges).toEqual([]);
  });

  it('cannot make it wait at a pipe', async () => {
    const { env, home } = await startLocalIam();
    const pipe = join(home.folder, 'pipe');
    await succeed('/usr/bin/mkfifo', [pipe], { env });
    expect(await helperOf({ ...env, ICR_API_KEY_FILE: pipe }).get('us.icr.io')).toMatchObject({ code: 1 });
  });

  it('without any home a key from the environment still works', async () => {
    const { url, env, apiKey } = await startLocalIam();
    const { HOME: _, XDG_RUNTIME_DIR: __, ...rest }: Record<string, string> = env;
    const homeless = { ...rest, HOME: 'relative', ICR_API_KEY: apiKey, IBMCLOUD_IAM_API_ENDPOINT: url };
    expect(credentialsOf(await helperOf(homeless).get('us.icr.io'))).toBeTruthy();
    expect(await helperOf(homeless).list()).toMatchObject({ code: 0, stdout: '{}\n' });
    expect(await helperOf(homeless).store('us.icr.io', 'iamapikey', apiKey)).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('HOME is not set'),
    });
  });

  it('a failure of another environment is not ours', async () => {
    const { env, apiKey } = await startLocalIam();
    const right = { ...env, ICR_STORE_PASSPHRASE: 'a passphrase' };
    await helperOf(right).store('us.icr.io', 'iamapikey', apiKey);
    const [wrong, good] = await Promise.all([
      helperOf(env).get('us.icr.io'),
      helperOf(right).get('us.icr.io'),
    ]);
    expect(credentialsOf(good)).toBeTruthy();
    // Alone it fails; after the other it finds that one's token.
    if (wrong.code !== 0) expect(wrong.stdout).toContain('does not open');
  });
});

describe('the lock of a session', () => {
  it('is gone a day after the session is over; one that is in use goes on', async () => {
    const { iam, env, home, apiKey } = await startLocalIam();
    const locks = join(home.dataFolder, 'locks');
    const claims = () => readdirSync(locks).sort();
    const age = (names: string[], hours: number) => {
      const then = Date.now() / 1000 - hours * 3600;
      for (const name of names) utimesSync(join(locks, name), then, then);
    };
    iam.tokenLifetime = 1;
    const logIn = async (host: string) => {
      const given = helperOf({ ...env, ICR_API_KEY: apiKey, ICR_CREDENTIAL_KIND: 'iamrefresh' });
      const session = credentialsOf(await given.get('us.icr.io'))?.Secret ?? '';
      await helperOf(env).store(host, 'iamrefresh', session);
      await helperOf(env).get(host);
    };
    await logIn('us.icr.io');
    const [erased = ''] = claims();
    await logIn('de.icr.io');
    await helperOf(env).erase('us.icr.io');
    expect(claims()).toHaveLength(2);
    age(claims(), 23);
    await helperOf(env).store('r.example', 'anna', 'secret');
    expect(claims()).toHaveLength(2);
    age([erased], 25);
    await helperOf(env).store('r.example', 'anna', 'secret');
    expect(claims()).toHaveLength(1);
    expect(claims()).not.toContain(erased);
    // Swept away as well, it begins again.
    age(claims(), 25);
    await pause(300);
    expect(credentialsOf(await helperOf(env).get('de.icr.io'))?.Username).toBe('iambearer');
    expect(claims()).toEqual([expect.stringMatching(/\.claim\.1$/)]);
  });
});

describe.runIf(process.platform === 'linux')('a lock that is closed to us', () => {
  it('is said at once, changes nothing, and is over when it is old', async () => {
    const { env, home, apiKey } = await startLocalIam();
    const store = JSON.stringify({ ServerURL: 'de.icr.io', Username: 'iamapikey', Secret: apiKey });
    await helperOf(env).store('us.icr.io', 'iamapikey', apiKey);
    const claim = join(home.dataFolder, 'stores.claim.99');
    writeFileSync(claim, '', { mode: 0o000 });
    for (const [verb, input] of [
      ['store', store],
      ['erase', 'us.icr.io'],
    ] as const) {
      const run = await asOrdinaryUser(verb, input, env);
      expect(run).toMatchObject({
        code: 1,
        stdout: expect.stringMatching(/^[^\n]*stores\.claim\.99 is closed to this user[^\n]*\n$/),
      });
      expect(run.stderr).toBe(run.stdout);
    }
    expect(Object.keys(JSON.parse((await helperOf(env).list()).stdout))).toEqual(['us.icr.io']);
    expect(await asOrdinaryUser('get', 'us.icr.io', env)).toMatchObject({ code: 0 });
    const then = Date.now() / 1000 - 21;
    utimesSync(claim, then, then);
    expect(await asOrdinaryUser('store', store, env)).toMatchObject({ code: 0 });
  });

  it('keeps a session from being renewed, and says so', async () => {
    const { iam, env, home, apiKey } = await startLocalIam();
    const given = helperOf({ ...env, ICR_API_KEY: apiKey, ICR_CREDENTIAL_KIND: 'iamrefresh' });
    const session = credentialsOf(await given.get('us.icr.io'))?.Secret ?? '';
    await helperOf(env).store('us.icr.io', 'iamrefresh', session);
    iam.tokenLifetime = 1;
    await helperOf(env).get('us.icr.io');
    await pause(1_100);
    const [claim = ''] = readdirSync(join(home.dataFolder, 'locks'));
    const closed = claim.replace(/\d+$/, '99');
    writeFileSync(join(home.dataFolder, 'locks', closed), '', { mode: 0o000 });
    expect(await asOrdinaryUser('get', 'us.icr.io', env)).toMatchObject({
      code: 1,
      stdout: expect.stringContaining(`${closed} is closed to this user`),
    });
  });
});

/** Root without its right to read everything. */
function asOrdinaryUser(verb: string, input: string, env: Record<string, string>) {
  const caps = '--bounding-set=-dac_override,-dac_read_search';
  const [program, ...args] =
    process.geteuid?.() === 0 ? ['/usr/bin/setpriv', caps, EXECUTABLE, verb] : [EXECUTABLE, verb];
  return command(program ?? '', args, { env, input });
}
