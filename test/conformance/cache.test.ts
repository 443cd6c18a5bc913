import { chmodSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { receiveCachedToken } from '../support/cached-token.ts';
import { claimsOf } from '../support/claims.ts';
import { credentialsOf, helperOf, type Run, runHelper } from '../support/executable.ts';
import { addUser, startLocalIam } from '../support/local-iam.ts';
import { pause } from '../support/pause.ts';
import { until } from '../support/until.ts';

const secretOf = (run: Run) => credentialsOf(run)?.Secret;

describe('the token cache', () => {
  it('serves all registries of one key from one exchange', async () => {
    const { iam, env, apiKey } = await startLocalIam();
    const helper = helperOf({ ...env, ICR_API_KEY: apiKey });
    const first = secretOf(await helper.get('us.icr.io'));
    for (const host of [
      'de.icr.io',
      'private.jp2.icr.io',
      'icr.io',
      'registry.eu-gb.bluemix.net',
      'us.icr.io/ns/app',
    ]) {
      expect(secretOf(await helper.get(host))).toBe(first);
    }
    expect(iam.tokenRequests()).toBe(1);
  });

  it('hands out no token with less than three quarters of its life left', async () => {
    const { iam, env, home, apiKey } = await startLocalIam();
    const helper = helperOf({ ...env, ICR_API_KEY: apiKey });
    const first = secretOf(await helper.get('us.icr.io'));
    expect(secretOf(await helper.get('us.icr.io'))).toBe(first);
    await receiveCachedToken(home, Date.now() - 0.26 * iam.tokenLifetime * 1000);
    expect(secretOf(await helper.get('us.icr.io'))).not.toBe(first);
  });

  it('asks again when key, variable, endpoint or kind change', async () => {
    const { iam, env, url, apiKey } = await startLocalIam();
    const berta = iam.addApiKey(addUser(iam, 'berta'));
    const who = async (variables: Record<string, string>) =>
      claimsOf(secretOf(await helperOf({ ...env, ...variables }).get('us.icr.io')))['iam_id'];
    expect(await who({ ICR_API_KEY: apiKey })).toBe('IBMid-anna');
    expect(await who({ ICR_API_KEY: berta })).toBe('IBMid-berta');
    expect(iam.tokenRequests()).toBe(2);
    expect(
      await who({ ICR_API_KEY: apiKey, IBMCLOUD_IAM_API_ENDPOINT: url.replace('127.0.0.1', 'localhost') }),
    ).toBe('IBMid-anna');
    expect(iam.tokenRequests()).toBe(3);

    const stored = helperOf(env);
    await stored.store('us.icr.io', 'iamapikey', apiKey);
    expect(await who({})).toBe('IBMid-anna');
    await stored.store('us.icr.io', 'iamapikey', berta);
    expect(await who({})).toBe('IBMid-berta');
    await stored.erase('us.icr.io');
    expect(credentialsOf(await stored.get('us.icr.io'))).toBeNull();
    await stored.store('us.icr.io', 'iamapikey', berta);
    const before = iam.tokenRequests();
    expect(await who({})).toBe('IBMid-berta');
    expect(iam.tokenRequests()).toBe(before + 1);
  });

  it('survives damaged, foreign, empty and missing files', async () => {
    const { iam, env, home, apiKey } = await startLocalIam();
    const helper = helperOf({ ...env, ICR_API_KEY: apiKey });
    await helper.get('us.icr.io');
    const files = () => readdirSync(home.cacheFolder).map((name) => join(home.cacheFolder, name));
    const token = files().find((file) => file.endsWith('.token')) ?? '';
    const key = join(home.cacheFolder, 'key');
    const good = readFileSync(token);
    const damages: [string, string | Uint8Array][] = [
      [token, ''],
      [token, 'not sealed'],
      [token, good.subarray(0, 20)],
      [token, Uint8Array.from(good, (byte, index) => (index === 30 ? byte ^ 1 : byte))],
      [token, Buffer.alloc(1024 * 1024, 1)],
      [key, ''],
      [key, 'short'],
      [key, Buffer.alloc(64, 7)],
    ];
    for (const [file, content] of damages) {
      const before = iam.tokenRequests();
      writeFileSync(file, content);
      expect(secretOf(await helper.get('us.icr.io'))).toBeTruthy();
      expect(iam.tokenRequests()).toBe(before + 1);
      expect(secretOf(await helper.get('us.icr.io'))).toBeTruthy();
      expect(iam.tokenRequests()).toBe(before + 1);
    }
    rmSync(home.cacheFolder, { recursive: true });
    expect(secretOf(await helper.get('us.icr.io'))).toBeTruthy();
  });

  it('holds neither key nor token in clear text, and nothing that others can read', async () => {
    const { env, home, apiKey } = await startLocalIam();
    const helper = helperOf(env);
    await helper.store('us.icr.io', 'iamapikey', apiKey);
    const token = secretOf(await helper.get('us.icr.io')) ?? '';
    for (const folder of [
      home.cacheFolder,
      home.dataFolder,
      join(home.folder, '.local/state/docker-credential-icr'),
    ]) {
      for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
        const path = join(entry.parentPath, entry.name);
        expect(statSync(path).mode & 0o077).toBe(0);
        if (!entry.isFile()) continue;
        const text = readFileSync(path, 'latin1');
        for (const secret of [apiKey, token, token.split('.')[1] ?? token])
          expect(text).not.toContain(secret);
      }
    }
  });

  it('is not used in a runtime folder that is open to others, and does without any', async () => {
    const { iam, env, home, apiKey } = await startLocalIam();
    const variables = { ...env, ICR_API_KEY: apiKey };
    chmodSync(join(home.folder, 'run'), 0o755);
    expect(secretOf(await helperOf(variables).get('us.icr.io'))).toBeTruthy();
    expect(readdirSync(join(home.folder, 'run'))).toEqual([]);
    // The cache under the home stands in for it.
    expect(
      readdirSync(join(home.folder, '.cache/docker-credential-icr')).some((name) => name.endsWith('.token')),
    ).toBe(true);
    expect(secretOf(await helperOf(variables).get('us.icr.io'))).toBeTruthy();
    expect(iam.tokenRequests()).toBe(1);
  });
});

describe('a logout', () => {
  it('is not undone by an exchange that began before it', async () => {
    const { iam, env, apiKey } = await startLocalIam();
    const helper = helperOf(env);
    await helper.store('us.icr.io', 'iamapikey', apiKey);
    iam.setFault({ kind: 'delay', milliseconds: 2_000 });
    const late = helper.get('us.icr.io');
    await until('IAM is asked', () => iam.tokenRequests() === 1);
    expect(await helper.erase('us.icr.io')).toMatchObject({ code: 0 });
    await late;
    expect(credentialsOf(await helper.get('us.icr.io'))).toBeNull();
  });

  it('silences IBM’s variables, but not our own, which say so', async () => {
    const { env, apiKey } = await startLocalIam();
    const ambient = helperOf({ ...env, IBMCLOUD_API_KEY: apiKey });
    expect(credentialsOf(await ambient.get('us.icr.io'))).toBeTruthy();
    expect(await ambient.erase('us.icr.io')).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(credentialsOf(await ambient.get('us.icr.io'))).toBeNull();
    expect(credentialsOf(await ambient.get('de.icr.io'))).toBeTruthy();
    const own = await helperOf({ ...env, ICR_API_KEY: apiKey }).get('us.icr.io');
    expect(own).toMatchObject({ code: 0, stderr: expect.stringContaining('us.icr.io is logged out') });
  });
});

describe('many at once', () => {
  it('40 cold gets make one exchange and give one answer', async () => {
    const { iam, env, apiKey } = await startLocalIam();
    iam.setFault({ kind: 'delay', milliseconds: 500 });
    const helper = helperOf({ ...env, ICR_API_KEY: apiKey });
    const answers = await Promise.all(
      Array.from({ length: 40 }, async () => secretOf(await helper.get('us.icr.io'))),
    );
    expect(new Set(answers).size).toBe(1);
    expect(iam.tokenRequests()).toBe(1);
  });

  it('40 gets while IAM answers 400 after half a second: one exchange, one reason', async () => {
    const { iam, env, apiKey } = await startLocalIam();
    await helperOf(env).store('us.icr.io', 'iamapikey', apiKey);
    iam.setFault({ kind: 'delay', milliseconds: 500, followedBy: { kind: 'refuse', code: 'BXNIM0415E' } });
    // All of them are there before the first one asks: on a slow machine 40 starts take a while.
    const input = pause(1500).then(() => 'us.icr.io');
    const asked = Array.from({ length: 40 }, () => runHelper(['get'], { env, input }));
    await input;
    const began = performance.now();
    const runs = await Promise.all(asked);
    console.log(`40 gets, IAM says 400 after 0.5 s: ${Math.round(performance.now() - began)} ms`);
    expect(new Set(runs.map(({ stdout }) => stdout)).size).toBe(1);
    expect(runs[0]).toMatchObject({ code: 1, stdout: expect.stringContaining('BXNIM0415E') });
    expect(iam.tokenRequests()).toBe(1);
  });

  it('40 gets of a rotating session make one exchange and do not burn it', async () => {
    const { iam, env, home, apiKey } = await startLocalIam();
    const given = helperOf({ ...env, ICR_API_KEY: apiKey, ICR_CREDENTIAL_KIND: 'iamrefresh' });
    const session = secretOf(await given.get('us.icr.io')) ?? '';
    const helper = helperOf(env);
    await helper.store('us.icr.io', 'iamrefresh', session);
    for (let round = 1; round <= 3; round++) {
      const answers = await Promise.all(
        Array.from({ length: 40 }, async () => secretOf(await helper.get('us.icr.io'))),
      );
      expect(new Set(answers).size).toBe(1);
      expect(iam.tokenRequests('refresh_token')).toBe(round);
      for (const name of readdirSync(home.cacheFolder)) {
        if (name.endsWith('.token')) rmSync(join(home.cacheFolder, name));
      }
    }
  });

  it('none for foreign hosts', async () => {
    const { iam, env, apiKey } = await startLocalIam();
    const helper = helperOf({ ...env, ICR_API_KEY: apiKey });
    await Promise.all(Array.from({ length: 20 }, () => helper.get('https://index.docker.io/v1/')));
    expect(iam.exchanges).toEqual([]);
  });
});
