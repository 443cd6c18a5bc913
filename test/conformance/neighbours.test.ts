import {
  chmodSync,
  chownSync,
  copyFileSync,
  cpSync,
  existsSync,
  lchownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ordinaryAccount } from '../support/accounts.ts';
import { EXECUTABLE, IS_SCRIPT, placeProgram } from '../support/executable.ts';
import { inTurns } from '../support/in-turns.ts';
import { startLocalIam } from '../support/local-iam.ts';
import { command, type Finished, succeed } from '../support/processes.ts';

/** Somebody else on this machine, who can write where we do: a group-writable home, a shared folder. */
const NEIGHBOUR = 4242;
const OURS = /docker-credential-icr/;

interface Attempt {
  /** Absolute, in the victim's home. */
  path: string;
  precious: string;
  nowhere: string;
}

/** What may lie in the place of a file or folder of ours. */
const PLANTS: Record<string, (attempt: Attempt) => Promise<void> | void> = {
  'a file': ({ path }) => {
    writeFileSync(path, 'planted', { mode: 0o666 });
    lchownSync(path, NEIGHBOUR, NEIGHBOUR);
  },
  'a link to a file of the victim': ({ path, precious }) => {
    symlinkSync(precious, path);
    lchownSync(path, NEIGHBOUR, NEIGHBOUR);
  },
  'a link to nowhere': ({ path, nowhere }) => {
    symlinkSync(nowhere, path);
    lchownSync(path, NEIGHBOUR, NEIGHBOUR);
  },
  'a hard link to a file of the victim': ({ path, precious }) => linkSync(precious, path),
  'a pipe': async ({ path }) => {
    await succeed('/usr/bin/mkfifo', ['-m', '666', path], { env: {} });
    lchownSync(path, NEIGHBOUR, NEIGHBOUR);
  },
  'a folder': ({ path }) => {
    mkdirSync(path, { mode: 0o777 });
    chmodSync(path, 0o777);
    lchownSync(path, NEIGHBOUR, NEIGHBOUR);
  },
};

/** Clients' own files are written where a link leads: people keep them elsewhere. */
const FOLLOWED = [
  '.docker/config.json',
  'run/containers/auth.json',
  '.config/docker-credential-icr/settings.json',
];

async function prepareVictim() {
  const { home, env, apiKey, iam } = await startLocalIam();
  const user = ordinaryAccount();
  const program = join(home.folder, 'bin/docker-credential-icr');
  mkdirSync(join(home.folder, 'bin'));
  placeProgram(program);
  const base = join(home.folder, 'victim');
  mkdirSync(join(base, 'run/containers'), { recursive: true, mode: 0o700 });
  mkdirSync(join(base, '.docker'), { mode: 0o700 });
  cpSync(join(home.folder, '.config'), join(base, '.config'), { recursive: true });
  writeFileSync(join(base, 'run/containers/auth.json'), '{}', { mode: 0o600 });
  writeFileSync(join(base, 'precious'), 'precious', { mode: 0o600 });
  chmodSync(home.folder, 0o755);
  chmodSync(join(home.folder, 'ca.pem'), 0o644);
  own(base, user);
  const call = (folder: string, args: readonly string[], input = '') =>
    command('/usr/bin/timeout', ['-s', 'KILL', '15', program, ...args], {
      env: {
        ...env,
        HOME: folder,
        XDG_RUNTIME_DIR: join(folder, 'run'),
        PATH: `${join(home.folder, 'bin')}:/usr/bin:/bin`,
      },
      input,
      ...user,
    });
  return { folder: home.folder, base, call, user, apiKey, iam };
}

function own(folder: string, { uid, gid }: { uid: number; gid: number }): void {
  lchownSync(folder, uid, gid);
  if (lstatSync(folder).isDirectory())
    for (const name of readdirSync(folder)) own(join(folder, name), { uid, gid });
}

function pathsBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' });
}

/** Our own files: none is open to others, and none holds a secret in clear text. */
function leaksIn(folder: string, uid: number, secret: string): string[] {
  return pathsBelow(folder)
    .map((name) => join(folder, name))
    .filter((path) => lstatSync(path).uid === uid && OURS.test(relative(folder, path)))
    .flatMap((path) => {
      const stat = lstatSync(path);
      const isOpen = !stat.isSymbolicLink() && !path.includes('/.config/') && (stat.mode & 0o077) !== 0;
      const shows = stat.isFile() && readFileSync(path, 'latin1').includes(secret);
      return [
        ...(isOpen ? [`${path} is open to others`] : []),
        ...(shows ? [`${path} shows the secret`] : []),
      ];
    });
}

const isClear = ({ code, stdout, stderr }: Finished) =>
  code === 0 || (code === 1 && [stdout, stderr].every((text) => /^(?:[^\p{Cc}]{1,1000}\n)*$/u.test(text)));

describe.runIf(process.geteuid?.() === 0)('what somebody else has laid in our way', () => {
  it('is not followed, not overwritten, not believed, and not waited for', async () => {
    const { folder, base, call, user, apiKey } = await prepareVictim();
    const stored = JSON.stringify({ ServerURL: 'us.icr.io', Username: 'iamapikey', Secret: apiKey });
    const before = new Set(pathsBelow(base));
    for (const [args, input] of [
      [['store'], stored],
      [['get'], 'us.icr.io'],
      [['configure'], ''],
    ] as const)
      expect(await call(base, args, input)).toMatchObject({ code: 0 });
    const created = pathsBelow(base).filter((path) => !before.has(path));
    const paths = [...created, 'run', 'run/docker-credential-icr/asked-us.icr.io', ...FOLLOWED];
    // Each part of the program that writes is among them.
    for (const part of [/store-key$/, /\.token$/, /\/key$/, /\.claim\.\d+$/, /secrets\/./, /registries\/us/])
      expect(paths.some((path) => part.test(path))).toBe(true);

    const cases = [...new Set(paths)].flatMap((path) =>
      Object.keys(PLANTS).map((plant) => ({ path, plant })),
    );
    let number = 0;
    let calls = 0;
    const found = await inTurns(cases, 3, async ({ path, plant }) => {
      const home = join(folder, `home-${number++}`);
      cpSync(base, home, { recursive: true, preserveTimestamps: true });
      own(home, user);
      const attempt = {
        path: join(home, path),
        precious: join(home, 'precious'),
        nowhere: join(home, 'nowhere'),
      };
      rmSync(attempt.path, { recursive: true, force: true });
      await PLANTS[plant]?.(attempt);
      const where = `${plant} at ${path}`;
      const problems: string[] = [];
      for (const [args, input] of [
        [['get'], 'us.icr.io'],
        [['list'], ''],
        [['store'], stored],
        [['get'], 'us.icr.io'],
        [['configure'], ''],
        [['status', '--json'], ''],
        [['erase'], 'us.icr.io'],
        [['logout', '--all'], ''],
      ] as const) {
        const run = await call(home, args, input);
        calls++;
        if (!isClear(run)) problems.push(`${where}: ${args}: ${run.code} ${run.stdout}${run.stderr}`);
        if (args[0] !== 'get' && run.stdout.includes(apiKey))
          problems.push(`${where}: ${args} shows the key`);
      }
      problems.push(...leaksIn(home, user.uid, apiKey).map((leak) => `${where}: ${leak}`));
      const isFollowed = FOLLOWED.includes(path);
      if (!isFollowed && readFileSync(attempt.precious, 'utf8') !== 'precious')
        problems.push(`${where}: wrote through it`);
      if (!isFollowed && existsSync(attempt.nowhere)) problems.push(`${where}: made what it leads to`);
      rmSync(home, { recursive: true, force: true });
      return problems;
    });
    console.log(`neighbours: ${cases.length} plants at ${new Set(paths).size} paths, ${calls} calls`);
    expect(found.flat()).toEqual([]);
  });

  it('is no key of ours: in a folder of somebody else nothing is sealed with it', async () => {
    const { base, call, apiKey, user } = await prepareVictim();
    const stored = JSON.stringify({ ServerURL: 'us.icr.io', Username: 'iamapikey', Secret: apiKey });
    const state = join(base, '.local/state/docker-credential-icr');
    mkdirSync(state, { recursive: true });
    own(join(base, '.local'), user);
    writeFileSync(join(state, 'store-key'), Buffer.alloc(32, 7), { mode: 0o644 });
    chownSync(state, NEIGHBOUR, NEIGHBOUR);
    chmodSync(state, 0o777);
    const run = await call(base, ['store'], stored);
    expect(run).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('open to others, or another user'),
    });
    expect(existsSync(join(base, '.local/share/docker-credential-icr/secrets'))).toBe(false);
  });

  it('of a shared runtime folder is not used, nor a record in a shared data folder answered with', async () => {
    const { folder, base, call, apiKey, user } = await prepareVictim();
    const shared = join(folder, 'shared');
    mkdirSync(join(shared, 'docker-credential-icr'), { recursive: true });
    for (const path of [shared, join(shared, 'docker-credential-icr')]) chmodSync(path, 0o1777);
    chownSync(join(shared, 'docker-credential-icr'), NEIGHBOUR, NEIGHBOUR);
    rmSync(join(base, 'run'), { recursive: true });
    symlinkSync(shared, join(base, 'run'));
    own(base, user);
    const stored = JSON.stringify({ ServerURL: 'us.icr.io', Username: 'iamapikey', Secret: apiKey });
    expect(await call(base, ['store'], stored)).toMatchObject({ code: 0 });
    expect(await call(base, ['get'], 'us.icr.io')).toMatchObject({ code: 0 });
    expect(readdirSync(join(shared, 'docker-credential-icr'))).toEqual([]);
  });
});

describe('what the surroundings bring along', () => {
  it('a browser or ibmcloud in the working directory, or relative on PATH, is not started', async () => {
    const { home, env } = await startLocalIam();
    const mark = join(home.folder, 'ran');
    for (const name of ['xdg-open', 'ibmcloud', 'docker', 'uname'])
      writeFileSync(join(home.folder, name), `#!/bin/sh\ntouch ${mark}\n`, { mode: 0o755 });
    mkdirSync(join(home.folder, '.bluemix'));
    const token = `e30.${Buffer.from('{"exp":1}').toString('base64url')}.e30`;
    writeFileSync(
      join(home.folder, '.bluemix/config.json'),
      JSON.stringify({ IAMToken: `Bearer ${token}`, IAMRefreshToken: 'r', Region: 'us-south' }),
    );
    for (const PATH of ['.', '', ':/nonexistent', './', home.folder.slice(1)])
      for (const args of [
        ['get'],
        ['login', '--sso', '--passcode-stdin'],
        ['doctor', '--offline'],
        ['configure'],
      ])
        await command(EXECUTABLE, args, {
          env: { ...env, PATH, DISPLAY: ':0' },
          input: 'us.icr.io',
          cwd: home.folder,
        });
    expect(existsSync(mark)).toBe(false);
  });

  /** Node itself reads NODE_OPTIONS: see below. */
  const IGNORED: readonly (readonly [name: string, value: string])[] = [
    ...(IS_SCRIPT ? [] : [['NODE_OPTIONS', '--require=PRELOAD'] as const]),
    ['NODE_PATH', 'FOLDER'],
    ['BUN_INSTALL', 'FOLDER'],
    ['BUN_RUNTIME_TRANSPILER_CACHE_PATH', 'FOLDER'],
    ['NODE_REPL_EXTERNAL_MODULE', 'PRELOAD'],
  ];

  it.each(IGNORED)('%s=%s runs nothing', async (name, value) => {
    const { home, env, apiKey } = await startLocalIam();
    const mark = join(home.folder, 'ran');
    const preload = join(home.folder, 'preload.js');
    writeFileSync(preload, `require('fs').writeFileSync(${JSON.stringify(mark)}, '')\n`);
    mkdirSync(join(home.folder, 'node-fetch'));
    copyFileSync(preload, join(home.folder, 'node-fetch/index.js'));
    const hostile = { [name]: value.replace('PRELOAD', preload).replace('FOLDER', home.folder) };
    const run = await command(EXECUTABLE, ['get'], {
      env: { ...env, ICR_API_KEY: apiKey, ...hostile },
      input: 'us.icr.io',
    });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(existsSync(mark)).toBe(false);
  });

  /** The standing of LD_PRELOAD: shown here, so that docs/threat-model.md says what is so. */
  it('a variable of the runtime does run what it names: whoever sets it has the program', async () => {
    const { home, env } = await startLocalIam();
    const mark = join(home.folder, 'ran');
    const preload = join(home.folder, 'preload.cjs');
    writeFileSync(preload, `require('fs').writeFileSync(${JSON.stringify(mark)}, '')\n`);
    if (IS_SCRIPT) {
      await command(EXECUTABLE, ['list'], { env: { ...env, NODE_OPTIONS: `--require=${preload}` } });
      expect(existsSync(mark)).toBe(true);
      return;
    }
    await command(EXECUTABLE, ['list'], { env: { ...env, BUN_OPTIONS: `--preload=${preload}` } });
    expect(existsSync(mark)).toBe(true);
    rmSync(mark);
    await command(EXECUTABLE, [preload], { env: { ...env, BUN_BE_BUN: '1' } });
    expect(existsSync(mark)).toBe(true);
  });
});
