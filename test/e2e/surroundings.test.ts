import { chmodSync, chownSync, copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ordinaryAccount } from '../support/accounts.ts';
import { credentialsOf, EXECUTABLE, helperOf, runHelper } from '../support/executable.ts';
import { startLocalIam } from '../support/local-iam.ts';
import { command, type Finished } from '../support/processes.ts';

/** Where programs are started that nobody has prepared for them. */
describe('the executable alone', () => {
  it('does all four verbs in an empty folder, for another user, with no Node on PATH', async () => {
    const { home, env, apiKey } = await startLocalIam();
    const { uid, gid } = ordinaryAccount();
    const folder = join(home.folder, 'empty');
    mkdirSync(folder);
    copyFileSync(EXECUTABLE, join(folder, 'docker-credential-icr'));
    for (const path of ['', 'run', '.config', '.config/docker-credential-icr', 'ca.pem'])
      chownSync(join(home.folder, path), uid, gid);
    chmodSync(home.folder, 0o700);
    const call = (verb: string, input: string): Promise<Finished> =>
      command(join(folder, 'docker-credential-icr'), [verb], {
        env: { ...env, PATH: '/nonexistent' },
        input,
        uid,
        gid,
        cwd: folder,
      });
    const stored = { ServerURL: 'us.icr.io', Username: 'iamapikey', Secret: apiKey };
    expect(await call('store', JSON.stringify(stored))).toMatchObject({ code: 0, stdout: '' });
    expect(JSON.parse((await call('get', 'us.icr.io')).stdout)).toMatchObject({ Username: 'iambearer' });
    expect(await call('list', '')).toMatchObject({ code: 0, stdout: '{"us.icr.io":"iamapikey"}\n' });
    expect(await call('erase', 'us.icr.io')).toMatchObject({ code: 0 });
    expect(await call('get', 'us.icr.io')).toMatchObject({ code: 1 });
  });
});

describe('the working directory', () => {
  it('is not searched for bunfig.toml, .env, package.json or node_modules', async () => {
    const { home, env } = await startLocalIam();
    const cwd = join(home.folder, 'project');
    mkdirSync(join(cwd, 'node_modules/node-fetch'), { recursive: true });
    const mark = `require('fs').writeFileSync(${JSON.stringify(join(home.folder, 'ran'))}, '')\n`;
    writeFileSync(join(cwd, 'preload.js'), mark);
    writeFileSync(join(cwd, 'node_modules/node-fetch/index.js'), mark);
    writeFileSync(join(cwd, 'bunfig.toml'), 'preload = ["./preload.js"]\n');
    writeFileSync(join(cwd, 'package.json'), '{"bun":{"preload":"./preload.js"}}');
    writeFileSync(
      join(cwd, 'tsconfig.json'),
      '{"compilerOptions":{"paths":{"node-fetch":["./preload.js"]}}}',
    );
    for (const name of ['.env', '.env.local', '.env.production', '.env.development']) {
      writeFileSync(join(cwd, name), `ICR_API_KEY=${'k'.repeat(44)}\nICR_CREDENTIAL_KIND=iamapikey\n`);
    }
    const run = await runHelper(['get'], { env, input: 'us.icr.io', cwd });
    expect(credentialsOf(run)).toBeNull();
    // With something to exchange, so that what is loaded lazily is loaded.
    await runHelper(['get'], { env: { ...env, ICR_API_KEY: 'x'.repeat(44) }, input: 'us.icr.io', cwd });
    expect(existsSync(join(home.folder, 'ran'))).toBe(false);
  });
});

describe('/tmp', () => {
  it.each([
    ['noexec', 'mount -t tmpfs -o noexec tmpfs /tmp'],
    ['read-only', 'mount -t tmpfs -o ro tmpfs /tmp'],
    ['full', 'mount -t tmpfs -o size=4k tmpfs /tmp; head -c 4096 /dev/zero > /tmp/full'],
    ['missing', 'mount --bind /proc/sys/fs/binfmt_misc /tmp'],
  ])('%s: nothing is lost', async (_, mount) => {
    const { home, env, apiKey } = await startLocalIam();
    // The home lies below /tmp: it is carried to another place in the new mount namespace.
    const script = `mkdir -p /run/icr-home && mount --bind "$HOME" /run/icr-home && ${mount}; HOME=/run/icr-home; exec "$@"`;
    const moved = { ...env, XDG_RUNTIME_DIR: '/run/icr-home/run', SSL_CERT_FILE: '/run/icr-home/ca.pem' };
    copyFileSync(EXECUTABLE, join(home.folder, 'docker-credential-icr'));
    const call = (verb: string, input: string) =>
      command(
        '/usr/bin/unshare',
        ['--mount', 'sh', '-c', script, 'sh', '/run/icr-home/docker-credential-icr', verb],
        {
          env: moved,
          input,
        },
      );
    const stored = JSON.stringify({ ServerURL: 'us.icr.io', Username: 'iamapikey', Secret: apiKey });
    expect(await call('store', stored)).toMatchObject({ code: 0 });
    expect(JSON.parse((await call('get', 'us.icr.io')).stdout)).toMatchObject({ Username: 'iambearer' });
    expect(await call('erase', 'us.icr.io')).toMatchObject({ code: 0 });
  });
});

describe('the home', () => {
  it('that is read-only: keys from the environment work, a store is one clear error', async () => {
    const { home, env, apiKey } = await startLocalIam();
    const readOnly = [
      '-c',
      'mount --bind "$HOME" "$HOME" && mount -o remount,bind,ro "$HOME" && exec "$@"',
      'sh',
    ];
    const call = (verb: string, input: string, extra = {}) =>
      command('/usr/bin/unshare', ['--mount', 'sh', ...readOnly, EXECUTABLE, verb], {
        env: { ...env, ...extra },
        input,
      });
    expect(await call('get', 'us.icr.io', { ICR_API_KEY: apiKey })).toMatchObject({ code: 0, stderr: '' });
    const stored = JSON.stringify({ ServerURL: 'us.icr.io', Username: 'iamapikey', Secret: apiKey });
    expect(await call('store', stored)).toMatchObject({
      code: 1,
      stdout: expect.stringContaining(home.folder),
    });
    expect(await call('erase', 'us.icr.io')).toMatchObject({ code: 0 });
    expect(await call('list', '')).toMatchObject({ code: 0, stdout: '{}\n' });
  });

  it('that belongs to somebody else (sudo -E): nothing is written there', async () => {
    const { home, env, apiKey } = await startLocalIam();
    const { uid, gid } = ordinaryAccount();
    chownSync(home.folder, uid, gid);
    const stored = await helperOf(env).store('us.icr.io', 'iamapikey', apiKey);
    expect(stored).toMatchObject({ code: 1, stdout: expect.stringContaining('belongs to another user') });
    expect(existsSync(join(home.folder, '.local'))).toBe(false);
    expect(credentialsOf(await helperOf({ ...env, ICR_API_KEY: apiKey }).get('us.icr.io'))).toBeTruthy();
  });

  it('that is not set: the one that the system has on file is used', async () => {
    const { home, env, url, apiKey } = await startLocalIam();
    const { HOME: _, XDG_RUNTIME_DIR: __, ...homeless }: Record<string, string> = env;
    copyFileSync(EXECUTABLE, join(home.folder, 'docker-credential-icr'));
    // A folder of its own in place of the account's.
    const script =
      'own=$(getent passwd "$(id -u)" | cut -d: -f6); mount --bind "$1/run" "$own"; cd /; shift; exec "$@"';
    const call = (verb: string, input: string, extra = {}) =>
      command(
        '/usr/bin/unshare',
        ['--mount', 'sh', '-c', script, 'sh', home.folder, join(home.folder, 'docker-credential-icr'), verb],
        {
          env: { ...homeless, ...extra },
          input,
        },
      );
    const variables = { ICR_API_KEY: apiKey, IBMCLOUD_IAM_API_ENDPOINT: url };
    expect(await call('get', 'us.icr.io', variables)).toMatchObject({ code: 0, stderr: '' });
    expect(await call('store', '{"ServerURL":"r.example","Username":"anna","Secret":"s"}')).toMatchObject({
      code: 0,
    });
    expect(existsSync(join(home.folder, 'run/.local/share/docker-credential-icr'))).toBe(true);
  });

  it.each(['000', '077', '777'])('under umask %s nothing is open to others', async (umask) => {
    const { home, env, apiKey } = await startLocalIam();
    const call = (verb: string, input: string) =>
      command('/bin/sh', ['-c', `umask ${umask}; exec "$@"`, 'sh', EXECUTABLE, verb], { env, input });
    const stored = JSON.stringify({ ServerURL: 'us.icr.io', Username: 'iamapikey', Secret: apiKey });
    const run = await call('store', stored);
    await call('get', 'us.icr.io');
    const { stdout } = await command(
      '/usr/bin/find',
      [home.folder, '-path', '*docker-credential-icr*', '-perm', '/077', '-not', '-path', '*/.config/*'],
      { env },
    );
    expect(stdout).toBe('');
    if (umask !== '777') expect(run.code).toBe(0);
  });
});
