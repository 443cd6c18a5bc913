import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ICR_HOSTS } from '../../src/registry-host.ts';
import { EXECUTABLE, helperOf, runHelper } from '../support/executable.ts';
import { makeHome } from '../support/test-home.ts';
import { typeAt } from '../support/typing.ts';

/** 44 characters, as IBM Cloud makes them. */
const KEY = 'configure-test-key-0123456789-abcdefghijklmn';
const clearAuth = (password: string, username = 'iamapikey') =>
  Buffer.from(`${username}:${password}`).toString('base64');

/** A home with this program on PATH and no other one, and the clients that are named. */
function makeUser(...tools: string[]) {
  const home = makeHome();
  const bin = join(home.folder, 'bin');
  mkdirSync(bin);
  symlinkSync(EXECUTABLE, join(bin, 'docker-credential-icr'));
  for (const tool of tools) writeFileSync(join(bin, tool), '#!/bin/sh\n', { mode: 0o755 });
  const env = { ...home.env, PATH: bin };
  const docker = join(home.folder, '.docker/config.json');
  const containers = join(home.folder, 'run/containers/auth.json');
  return {
    folder: home.folder,
    bin,
    env,
    docker,
    containers,
    run: (...args: string[]) => runHelper(args, { env }),
    write: (path: string, text: string) => {
      mkdirSync(join(path, '..'), { recursive: true });
      writeFileSync(path, text);
    },
  };
}

const read = (path: string) => JSON.parse(readFileSync(path, 'utf8'));

describe('configure', () => {
  it('makes docker’s file for all ICR hosts, says so, and changes nothing the second time', async () => {
    const user = makeUser();
    const { code, stdout, stderr } = await user.run('configure');
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: `${user.docker} uses this helper for ${ICR_HOSTS.length} registries\n`,
      stderr: '',
    });
    expect(read(user.docker)).toEqual({
      credHelpers: Object.fromEntries(ICR_HOSTS.map((host) => [host, 'icr'])),
    });
    expect(statSync(user.docker).mode & 0o777).toBe(0o600);
    expect(existsSync(user.containers)).toBe(false);
    const text = readFileSync(user.docker, 'utf8');
    expect(await user.run('configure')).toEqual({
      code: 0,
      stdout: 'Nothing to change: the clients use this helper already\n',
      stderr: '',
    });
    expect(readFileSync(user.docker, 'utf8')).toBe(text);
    expect(await user.run('unconfigure')).toMatchObject({ code: 0, stderr: '' });
    expect(existsSync(join(user.folder, '.docker'))).toBe(false);
  });

  it.each(['podman', 'skopeo', 'buildah'])('writes both files where %s is installed', async (tool) => {
    const user = makeUser(tool);
    const { code, stdout } = await user.run('configure', 'us.icr.io', 'https://DE.icr.io');
    expect(code).toBe(0);
    expect(stdout.split('\n')[1]).toBe(
      `${user.containers} uses this helper for 2 registries (this file is gone at logout: run configure again then, or set REGISTRY_AUTH_FILE)`,
    );
    for (const path of [user.docker, user.containers]) {
      expect(read(path)).toEqual({ credHelpers: { 'us.icr.io': 'icr', 'de.icr.io': 'icr' } });
    }
  });

  it('changes the files of the clients that are named, where the variables say', async () => {
    const user = makeUser('podman');
    const env = {
      ...user.env,
      DOCKER_CONFIG: join(user.folder, 'd'),
      REGISTRY_AUTH_FILE: join(user.folder, 'r.json'),
    };
    const { code, stdout } = await runHelper(['configure', '--client', 'containers', 'us.icr.io'], { env });
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: `${user.folder}/r.json uses this helper for us.icr.io\n`,
    });
    expect(existsSync(env.DOCKER_CONFIG)).toBe(false);
    await runHelper(['configure', '--client', 'docker', 'us.icr.io'], { env });
    expect(read(join(env.DOCKER_CONFIG, 'config.json'))).toEqual({ credHelpers: { 'us.icr.io': 'icr' } });
  });

  it('writes one file where both clients use the same', async () => {
    const user = makeUser('podman');
    const env = { ...user.env, REGISTRY_AUTH_FILE: user.docker };
    const { stdout } = await runHelper(['configure', 'us.icr.io'], { env });
    expect(stdout).toBe(`${user.docker} uses this helper for us.icr.io\n`);
  });

  it('gives way with a warning where auth.json cannot be made', async () => {
    const user = makeUser('podman');
    const notAFolder = join(user.folder, 'file');
    writeFileSync(notAFolder, '');
    const run = await runHelper(['configure'], { env: { ...user.env, XDG_RUNTIME_DIR: notAFolder } });
    expect(run.code).toBe(0);
    expect(run.stderr).toMatch(
      /^warning: .*auth\.json cannot be made, so podman login would not use this helper: set /,
    );
    expect(existsSync(user.docker)).toBe(true);
  });

  it('shows with --dry-run a file of Windows like any other, and nothing that steers a terminal', async () => {
    const user = makeUser();
    mkdirSync(dirname(user.docker), { recursive: true });
    writeFileSync(user.docker, '{\r\n  "\u202eauths": {}\r\n}\r\n');
    const { stdout } = await user.run('configure', '--dry-run', 'us.icr.io');
    expect(stdout.split('\n').slice(2)).toEqual([
      '@@ -1,3 +1,6 @@',
      ' {',
      '-  "\\u202eauths": {}',
      '+  "\\u202eauths": {},',
      '+  "credHelpers": {',
      '+    "us.icr.io": "icr"',
      '+  }',
      ' }',
      '',
    ]);
  });

  it('shows with --dry-run what it would do, and no secret', async () => {
    const user = makeUser();
    const text = `{\n\t"auths": {\n\t\t"us.icr.io": {\n\t\t\t"auth": "${clearAuth(KEY)}"\n\t\t}\n\t}\n}`;
    user.write(user.docker, text);
    const { code, stdout, stderr } = await user.run('configure', '--dry-run', 'us.icr.io');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(`--- ${user.docker}\n+++ ${user.docker}\n@@ `);
    expect(stdout).toContain('+\t\t"us.icr.io": "icr"\n');
    expect(stdout).not.toContain(clearAuth(KEY));
    expect(readFileSync(user.docker, 'utf8')).toBe(text);
    expect((await user.run('unconfigure', '--dry-run')).code).toBe(0);
  });

  it.each([
    [
      ['quay.io'],
      'quay.io is not a registry of IBM Cloud Container Registry',
      'name one such as us.icr.io, or none for all of them',
    ],
    [
      ['us.icr.io.evil.example'],
      'us.icr.io.evil.example is not a registry of IBM Cloud Container Registry',
      'name one such as us.icr.io, or none for all of them',
    ],
    [['us.icr.io/ns'], 'us.icr.io/ns is more than a host', 'clients choose a helper by host: use us.icr.io'],
  ])('refuses %j', async (args, message, hint) => {
    const user = makeUser();
    for (const command of ['configure', 'unconfigure']) {
      expect(await user.run(command, ...args)).toEqual({
        code: 1,
        stdout: '',
        stderr: `error: ${message}\nhint: ${hint}\n`,
      });
    }
    expect(existsSync(user.docker)).toBe(false);
  });

  it('takes another helper’s place only with --force, and touches no file before', async () => {
    const user = makeUser();
    user.write(user.docker, '{}');
    user.write(
      user.containers,
      '{"credHelpers":{"us.icr.io":"pass","quay.io":"pass"},"credsStore":"secretservice"}',
    );
    expect(await user.run('configure')).toEqual({
      code: 1,
      stdout: '',
      stderr: `error: ${user.containers} names another helper for us.icr.io (pass)\nhint: use --force to put this one in its place\n`,
    });
    expect(readFileSync(user.docker, 'utf8')).toBe('{}');
    expect((await user.run('configure', '--force', 'us.icr.io')).code).toBe(0);
    expect(read(user.containers)).toEqual({
      credHelpers: { 'us.icr.io': 'icr', 'quay.io': 'pass' },
      credsStore: 'secretservice',
    });
    expect((await user.run('unconfigure')).code).toBe(0);
    expect(readFileSync(user.docker, 'utf8')).toBe('{}');
    expect(read(user.containers).credHelpers).toEqual({ 'quay.io': 'pass' });
  });

  it('refuses what is not JSON without quoting it', async () => {
    const user = makeUser();
    user.write(user.docker, `{"auths": {"us.icr.io": {"auth": "${clearAuth(KEY)}"}},}`);
    expect(await user.run('configure')).toEqual({
      code: 1,
      stdout: '',
      stderr: `error: ${user.docker} is not JSON\nhint: correct it (comments and trailing commas are not allowed), then run this again\n`,
    });
  });

  it('serves a registry again that was logged out', async () => {
    const user = makeUser();
    const env = { ...user.env, IBMCLOUD_API_KEY: KEY, ICR_CREDENTIAL_KIND: 'iamapikey' };
    await helperOf(env).erase('us.icr.io');
    expect((await helperOf(env).get('us.icr.io')).code).toBe(1);
    expect((await user.run('configure')).stderr).toBe('us.icr.io was logged out; it is served again\n');
    expect(JSON.parse((await helperOf(env).get('us.icr.io')).stdout)).toMatchObject({ Secret: KEY });
  });
});

describe('unconfigure', () => {
  it('gives back every byte, whatever the form', async () => {
    for (const text of ['', '{}\n', '{ "a":1,\r\n"b" : 2}', '\ufeff{\n    "credsStore": "pass"\n}\n']) {
      const user = makeUser();
      user.write(user.docker, text);
      chmodSync(user.docker, 0o640);
      await user.run('configure');
      expect(readFileSync(user.docker, 'utf8')).toContain('"private.us.icr.io"');
      const { code, stdout } = await user.run('unconfigure');
      expect({ code, stdout }).toEqual({
        code: 0,
        stdout: `Removed this helper from ${user.docker} for ${ICR_HOSTS.length} registries\n`,
      });
      expect(readFileSync(user.docker, 'utf8')).toBe(text);
      expect(statSync(user.docker).mode & 0o777).toBe(0o640);
    }
  });

  it('leaves other helpers, and names what else still leads here', async () => {
    const user = makeUser();
    const text = '{"credHelpers":{"us.icr.io":"pass"},"credsStore":"icr"}';
    user.write(user.docker, text);
    expect(await user.run('unconfigure')).toEqual({
      code: 0,
      stdout: 'Nothing to change: no client names this helper\n',
      stderr: `warning: ${user.docker} still names this helper for every registry: remove "credsStore" to end that too\n`,
    });
    expect(readFileSync(user.docker, 'utf8')).toBe(text);
  });

  it('removes single hosts', async () => {
    const user = makeUser();
    await user.run('configure', 'us.icr.io', 'de.icr.io');
    expect((await user.run('unconfigure', 'us.icr.io')).stdout).toBe(
      `Removed this helper from ${user.docker} for us.icr.io\n`,
    );
    expect(read(user.docker)).toEqual({ credHelpers: { 'de.icr.io': 'icr' } });
  });
});

describe('logins in clear text', () => {
  const config = (auths: object) =>
    JSON.stringify({ auths: { 'quay.io': { auth: 'eDp5' }, ...auths } }, null, '\t');

  it('are named, and stay without --move-logins', async () => {
    const user = makeUser();
    const text = config({ 'us.icr.io': { auth: clearAuth(KEY) }, 'us.icr.io:443': { auth: clearAuth(KEY) } });
    user.write(user.docker, text);
    const { code, stdout, stderr } = await user.run('configure', 'us.icr.io');
    expect(code).toBe(0);
    expect(stderr.split('\n')).toEqual([
      `warning: ${user.docker} holds a login for us.icr.io in clear text, which clients do not use any more: run docker-credential-icr configure --move-logins`,
      `warning: ${user.docker} holds a login for us.icr.io:443 in clear text, which clients use without asking this helper: run docker-credential-icr configure --move-logins`,
      '',
    ]);
    expect(stdout + stderr).not.toContain(KEY.slice(0, 12));
    expect(read(user.docker).auths).toEqual(JSON.parse(text).auths);
  });

  it('move into the helper with --move-logins, which shows none', async () => {
    const user = makeUser();
    user.write(user.docker, config({ 'us.icr.io': { auth: clearAuth(KEY) } }));
    user.write(user.containers, config({ 'https://us.icr.io': { auth: clearAuth(KEY) } }));
    const { code, stdout, stderr } = await user.run('configure', '--move-logins');
    expect(code).toBe(0);
    // There is no keychain here.
    expect(stderr).toMatch(/^warning: no keychain is used: .*\n$/);
    expect(stdout).toContain(`Moved the login for us.icr.io in ${user.docker} into the helper\n`);
    expect(stdout).toContain(`Moved the login for https://us.icr.io in ${user.containers} into the helper\n`);
    expect(stdout + stderr).not.toContain(KEY.slice(0, 12));
    expect(stdout + stderr).not.toContain(clearAuth(KEY).slice(0, 12));
    for (const path of [user.docker, user.containers]) {
      expect(read(path).auths).toEqual({ 'quay.io': { auth: 'eDp5' } });
    }
    const env = { ...user.env, ICR_CREDENTIAL_KIND: 'iamapikey' };
    expect(JSON.parse((await helperOf(env).get('us.icr.io')).stdout)).toMatchObject({
      Username: 'iamapikey',
      Secret: KEY,
    });
  });

  it('for a name with the port: that name gets an entry of its own', async () => {
    const user = makeUser();
    user.write(user.docker, config({ 'us.icr.io:443': { auth: clearAuth(KEY) } }));
    expect((await user.run('configure', '--move-logins', 'us.icr.io')).code).toBe(0);
    expect(read(user.docker)).toEqual({
      auths: { 'quay.io': { auth: 'eDp5' } },
      credHelpers: { 'us.icr.io': 'icr', 'us.icr.io:443': 'icr' },
    });
  });

  it.skipIf(!existsSync('/usr/bin/script')).each([
    ['y', 0, true],
    ['n', 0, false],
    ['\u0003', 130, null],
    // A variable that steers the terminal.
    ['n', 0, false, 'd\u001b[2J'],
  ])('are asked about at a terminal: %j', async (answer, code, isMoved, folder = '.docker') => {
    const user = makeUser();
    const text = config({ 'us.icr.io': { auth: clearAuth(KEY) } });
    const env = {
      ...user.env,
      DOCKER_CONFIG: join(dirname(user.docker), '..', folder),
      SHELL: '/bin/sh',
      TERM: 'dumb',
    };
    const file = join(env.DOCKER_CONFIG, 'config.json');
    user.write(file, text);
    const question = `Move into the helper what lies in clear text: the login for us.icr.io in ${file.replace('\u001b', ' ')}? [Y/n] `;
    const run = await typeAt(`${EXECUTABLE} configure us.icr.io`, [[question, `${answer}\r`]], env);
    expect(run.code, run.stdout).toBe(code);
    expect(run.stdout).not.toContain(KEY.slice(0, 12));
    if (isMoved === null) expect(readFileSync(file, 'utf8')).toBe(text);
    else expect(read(file).auths['us.icr.io'] === undefined).toBe(isMoved);
  });

  it('stay where the helper holds another one, or cannot take them', async () => {
    const user = makeUser();
    await helperOf(user.env).store('us.icr.io', 'iamapikey', KEY.replace('test', 'next'));
    const auths = {
      'us.icr.io': { auth: clearAuth(KEY) },
      'de.icr.io/team': { auth: clearAuth(KEY) },
      'uk.icr.io': { auth: clearAuth('no-token', 'iambearer') },
    };
    user.write(user.docker, config(auths));
    const { code, stderr } = await user.run('configure', '--move-logins');
    expect(code).toBe(1);
    expect(stderr).toContain(
      `warning: the login for us.icr.io in ${user.docker} stays: the helper holds another login for us.icr.io (remove the one you do not need by hand)\n`,
    );
    expect(stderr).toContain(
      `the login for de.icr.io/team in ${user.docker} stays: it is for a namespace only\n`,
    );
    expect(stderr).toContain(
      `the login for uk.icr.io in ${user.docker} stays: the password for user name iambearer is not`,
    );
    expect(read(user.docker).auths).toMatchObject(auths);
    expect(read(user.docker).credHelpers['us.icr.io']).toBe('icr');
  });
});

describe('the program that clients will start', () => {
  it('is missed on PATH', async () => {
    const user = makeUser();
    const { code, stderr } = await runHelper(['configure'], {
      env: { ...user.env, PATH: '/nowhere:relative:' },
    });
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /^warning: docker-credential-icr is not on PATH, so that no client can start it: put its folder on PATH/,
    );
  });

  it('is another one', async () => {
    const user = makeUser();
    const before = join(user.folder, 'before');
    mkdirSync(before);
    writeFileSync(join(before, 'docker-credential-icr'), '#!/bin/sh\n', { mode: 0o755 });
    const { code, stderr } = await runHelper(['configure'], {
      env: { ...user.env, PATH: `${before}:${user.bin}` },
    });
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /^warning: clients start \S+before\/docker-credential-icr, which is not this program/,
    );
  });

  it('is this one behind a link, and what cannot be executed is passed over', async () => {
    const user = makeUser();
    const before = join(user.folder, 'before');
    mkdirSync(before);
    writeFileSync(join(before, 'docker-credential-icr'), '', { mode: 0o644 });
    const { stderr } = await runHelper(['configure'], {
      env: { ...user.env, PATH: `${before}:${user.bin}` },
    });
    expect(stderr).toBe('');
  });
});
