import { spawnSync } from 'node:child_process';
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Account, ordinaryAccount } from '../support/accounts.ts';
import { EXECUTABLE } from '../support/executable.ts';
import { isInstalled } from '../support/is-installed.ts';
import { command } from '../support/processes.ts';

const SCRIPT = fileURLToPath(new URL('../../install.sh', import.meta.url));
const NAME = 'docker-credential-icr';
const asRoot = process.getuid?.() === 0;
/** Whoever installs has no rights beyond an ordinary user's, also where the tests run as root. */
const account: Partial<Account> = asRoot ? ordinaryAccount() : {};

/** Answers as the program does, and is small. */
const FAKE = `#!/bin/sh
case $1 in
  version) echo "${NAME} (npm ${NAME}) 9.8.7" ;;
  completion) echo "# completion for $2" ;;
  *) exit 1 ;;
esac
`;

const INSTALLED = [
  `bin/${NAME}`,
  `share/bash-completion/completions/${NAME}`,
  `share/doc/${NAME}/LICENSE`,
  `share/doc/${NAME}/installed-files`,
  `share/fish/vendor_completions.d/${NAME}.fish`,
  `share/man/man1/${NAME}.1`,
  `share/zsh/site-functions/_${NAME}`,
];

interface Place {
  folder: string;
  home: string;
  prefix: string;
  run(
    args: readonly string[],
    env?: Record<string, string>,
    shell?: readonly string[],
  ): ReturnType<typeof command>;
  /** Makes an archive of files beside each other; contents by name. */
  archive(files: Record<string, string>, tarOptions?: readonly string[]): string;
}

/** A home, with install.sh in a folder of its own. */
function makePlace(): Place {
  const folder = mkdtempSync(join(tmpdir(), 'icr-install-'));
  onTestFinished(() => {
    spawnSync('chmod', ['-R', 'u+rwx', folder]);
    rmSync(folder, { recursive: true, force: true });
  });
  const home = join(folder, 'home');
  for (const name of ['home', 'tmp', 'release']) mkdirSync(join(folder, name));
  copyFileSync(SCRIPT, join(folder, 'release/install.sh'));
  const base = { HOME: home, TMPDIR: join(folder, 'tmp'), PATH: '/usr/bin:/bin', SHELL: '/bin/sh' };
  return {
    folder,
    home,
    prefix: join(home, '.local'),
    run: async (args, env = {}, shell = ['dash']) => {
      give(folder);
      const [program = '', ...more] = [...shell, join(folder, 'release/install.sh'), ...args];
      const finished = await command(program, more, { env: { ...base, ...env }, cwd: home, ...account });
      // Whatever comes of it, nothing temporary stays.
      expect(readdirSync(join(folder, 'tmp'))).toEqual([]);
      expect(filesBelow(home).filter((name) => name.includes(`.${NAME}-`))).toEqual([]);
      return finished;
    },
    archive: (files, tarOptions = []) => {
      const content = mkdtempSync(join(folder, 'content-'));
      for (const [name, text] of Object.entries(files))
        writeFileSync(join(content, name), text, { mode: 0o755 });
      return pack(content, Object.keys(files), tarOptions);
    },
  };
}

/** Lets the ordinary account own a folder with all that is in it. */
function give(folder: string): void {
  if (asRoot) spawnSync('chown', ['-hR', `${account.uid}:${account.gid}`, folder]);
}

let count = 0;
function pack(folder: string, names: readonly string[], tarOptions: readonly string[] = []): string {
  const file = join(dirname(folder), `archive-${++count}.tgz`);
  const { status, stderr } = spawnSync('tar', ['-czf', file, ...tarOptions, '-C', folder, '--', ...names]);
  expect(status, String(stderr)).toBe(0);
  return file;
}

function filesBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
}

function plainFilesBelow(folder: string): string[] {
  return filesBelow(folder).filter((name) => !statSync(join(folder, name)).isDirectory());
}

function sha256(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

function modeOf(file: string): string {
  return (statSync(file).mode & 0o7777).toString(8);
}

const RELEASE = { [NAME]: FAKE, [`${NAME}.1`]: '.TH X 1\n', LICENSE: 'Apache\n' };

function verified(archive: string): readonly string[] {
  return ['--archive', archive, '--sha256', sha256(archive)];
}

interface EvilArchive {
  what: string;
  /** What is packed; the program itself is there already. */
  names: readonly string[];
  /** Makes the file LICENSE, or others. */
  add?(license: string, folder: string): void;
  options?: readonly string[];
}

const EVIL: readonly EvilArchive[] = [
  { what: 'a path upwards', names: [NAME], options: ['-P', '--transform=s,^,../,'] },
  { what: 'an absolute path', names: [NAME], options: ['-P', '--transform=s,^,/tmp/,'] },
  {
    what: 'another file',
    names: [NAME, 'evil'],
    add: (_, folder) => writeFileSync(join(folder, 'evil'), ''),
  },
  {
    what: 'a symbolic link',
    names: [NAME, 'LICENSE'],
    add: (license) => symlinkSync('/etc/passwd', license),
  },
  {
    what: 'a hard link',
    names: [NAME, 'LICENSE'],
    add: (license, folder) => linkSync(join(folder, NAME), license),
  },
  { what: 'a folder', names: [NAME, 'LICENSE'], add: (license) => mkdirSync(license) },
  { what: 'an entry twice', names: [NAME, NAME], options: ['--hard-dereference'] },
  {
    what: 'a line break in a name',
    names: [NAME, `LICENSE\n${NAME}.1`],
    add: (license) => writeFileSync(`${license}\n${NAME}.1`, ''),
  },
  { what: 'no program', names: ['LICENSE'], add: (license) => writeFileSync(license, '') },
];

describe.each(
  [['dash'], ['busybox', 'sh'], ['bash', '--posix']].filter(([program = '']) =>
    isInstalled(program, `install.sh under ${program}`),
  ),
)('under %s', (...shell) => {
  it('installs a verified archive, again without a difference, and removes exactly that', async () => {
    const { home, prefix, folder, run, archive } = makePlace();
    mkdirSync(join(prefix, 'bin'), { recursive: true });
    writeFileSync(join(prefix, 'bin/other'), 'mine');
    const before = filesBelow(home);
    const args = verified(archive(RELEASE));
    const first = await run(args, {}, shell);
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toContain(`Installed ${NAME} 9.8.7 in ${prefix}/bin\n`);
    expect(first.stdout).toMatch(/Next: docker-credential-icr login\n$/);
    const installed = plainFilesBelow(prefix);
    expect(installed).toEqual([...INSTALLED, 'bin/other'].sort());
    expect(modeOf(join(prefix, 'bin', NAME))).toBe('755');
    expect(modeOf(join(prefix, 'share/man/man1', `${NAME}.1`))).toBe('644');
    const manifest = readFileSync(join(prefix, INSTALLED[3] ?? ''), 'utf8');
    expect(await run(args, {}, shell)).toEqual(first);
    expect(plainFilesBelow(prefix)).toEqual(installed);
    expect(readFileSync(join(prefix, INSTALLED[3] ?? ''), 'utf8')).toBe(manifest);
    expect(await run(['--uninstall'], {}, shell)).toMatchObject({ code: 0, stderr: '' });
    expect(filesBelow(home)).toEqual(before);
    const nothing = await run(['--uninstall'], {}, shell);
    expect(nothing).toMatchObject({ code: 0, stderr: '' });
    expect(nothing.stdout).toContain('Nothing is installed');
    expect(existsSync(folder)).toBe(true);
  });

  it('takes folders with spaces and quotes, and a umask of 077', async () => {
    const { home, run, archive, folder } = makePlace();
    const prefix = join(home, `it's "my" $HOME folder`);
    const file = archive(RELEASE);
    const wrapped = [...shell, '-c', 'umask 077; . "$0"', join(folder, 'release/install.sh')];
    give(folder);
    const [program = '', ...more] = [...wrapped, `--prefix=${prefix}`, ...verified(file)];
    const env = { HOME: home, PATH: '/usr/bin:/bin', SHELL: '/bin/bash', TMPDIR: join(folder, 'tmp') };
    const { code, stdout, stderr } = await command(program, more, { env, cwd: home, ...account });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(modeOf(join(prefix, 'bin', NAME))).toBe('755');
    expect(modeOf(join(prefix, 'share/man/man1', `${NAME}.1`))).toBe('644');
    // The line does what it promises.
    const line = stdout.split('\n').find((found) => found.includes('export PATH')) ?? '';
    const probe = await command('bash', ['-c', `${line}; command -v ${NAME}`], { env });
    expect(probe.stdout).toBe(`${prefix}/bin/${NAME}\n`);
    expect(await run(['--uninstall', '--prefix', prefix], {}, shell)).toMatchObject({ code: 0 });
    expect(filesBelow(home)).toEqual([]);
  });

  it.each(EVIL)('refuses an archive with $what', async ({ names, add, options }) => {
    const { home, run, folder } = makePlace();
    const content = mkdtempSync(join(folder, 'content-'));
    writeFileSync(join(content, NAME), FAKE, { mode: 0o755 });
    add?.(join(content, 'LICENSE'), content);
    const { code, stderr } = await run(verified(pack(content, names, options)), {}, shell);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^install\.sh: the archive has (an entry|no) .+\nhint: .+\n$/);
    expect(filesBelow(home)).toEqual([]);
  });
});

describe('verifying', () => {
  it.each([
    ['no hash at all', []],
    ['a wrong hash', ['--sha256', '0'.repeat(64)]],
    ['half a hash', ['--sha256', 'abc']],
    ['a signature without a key', ['--signature', 'x']],
    ['a key without a signature', ['--key', 'x']],
  ])('refuses %s before it unpacks anything', async (_, args) => {
    const { home, run, archive } = makePlace();
    const { code, stderr, stdout } = await run(['--archive', archive(RELEASE), ...args]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^install\.sh: .+\nhint: .+\n$/);
    expect(filesBelow(home)).toEqual([]);
  });

  it('takes the hash from ICR_INSTALL_SHA256, in upper case too, and the archive beside it', async () => {
    const { folder, prefix, run, archive } = makePlace();
    const file = join(folder, `release/${NAME}-linux-x64.tar.gz`);
    copyFileSync(archive(RELEASE), file);
    const unverified = await run([]);
    expect(unverified.code).toBe(1);
    expect(unverified.stderr).toContain('not verified');
    expect(await run([], { ICR_INSTALL_SHA256: sha256(file).toUpperCase() })).toMatchObject({
      code: 0,
      stderr: '',
    });
    expect(existsSync(join(prefix, 'bin', NAME))).toBe(true);
    copyFileSync(file, join(folder, `release/${NAME}-other.tar.gz`));
    expect((await run([], { ICR_INSTALL_SHA256: sha256(file) })).stderr).toContain('several archives');
  });

  it('says what is missing where there is neither a checkout nor an archive', async () => {
    const { code, stderr } = await makePlace().run([]);
    expect(code).toBe(1);
    expect(stderr).toContain('nothing to install');
  });

  it.each(['ed25519', 'ec', 'rsa'] as const)(
    'takes an %s signature, raw and in base64, and no other',
    async (type) => {
      const { folder, home, run, archive } = makePlace();
      const file = archive(RELEASE);
      const { publicKey, privateKey } = keyPair(type);
      const bytes = sign(type === 'ed25519' ? null : 'sha256', readFileSync(file), privateKey);
      const path = (name: string, content: string | Buffer) => {
        writeFileSync(join(folder, name), content);
        return join(folder, name);
      };
      const key = path('key.pem', publicKey.export({ type: 'spki', format: 'pem' }));
      const other = path('other.pem', keyPair(type).publicKey.export({ type: 'spki', format: 'pem' }));
      const raw = path('raw.sig', bytes);
      const args = (signature: string, by: string) => [
        '--archive',
        file,
        '--signature',
        signature,
        '--key',
        by,
      ];
      for (const [signature, by] of [
        [raw, other],
        [path('bad.sig', bytes.subarray(1)), key],
        [raw, raw],
      ] as const) {
        const { code, stderr } = await run(args(signature, by));
        expect({ code, files: filesBelow(home) }).toEqual({ code: 1, files: [] });
        expect(stderr).toMatch(/^install\.sh: .+\nhint: .+\n$/);
      }
      const base64 = path('base64.sig', `${bytes.toString('base64')}\n`);
      for (const signature of [raw, base64])
        expect(await run(args(signature, key))).toMatchObject({ code: 0, stderr: '' });
      const both = await run([...args(raw, key), '--sha256', '0'.repeat(64)]);
      expect(both.code).toBe(1);
    },
  );
});

function keyPair(type: 'ed25519' | 'ec' | 'rsa') {
  switch (type) {
    case 'ed25519':
      return generateKeyPairSync('ed25519');
    case 'ec':
      return generateKeyPairSync('ec', { namedCurve: 'P-256' });
    case 'rsa':
      return generateKeyPairSync('rsa', { modulusLength: 2048 });
  }
}

describe('what is there already', () => {
  it('stays if it is another program, unless --force is given', async () => {
    const { prefix, run, archive } = makePlace();
    mkdirSync(join(prefix, 'bin'), { recursive: true });
    writeFileSync(join(prefix, 'bin', NAME), '#!/bin/sh\necho another\n', { mode: 0o755 });
    const args = verified(archive(RELEASE));
    const { code, stderr } = await run(args);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^install\.sh: .* is another program\nhint: .*--force.*\n$/);
    expect(plainFilesBelow(prefix)).toEqual([`bin/${NAME}`]);
    expect((await run(['--uninstall'])).stderr).toContain('was not installed by install.sh');
    expect(await run([...args, '--force'])).toMatchObject({ code: 0 });
    expect(readFileSync(join(prefix, 'bin', NAME), 'utf8')).toBe(FAKE);
  });

  it('is left alone by --uninstall if it was changed since, or was never ours', async () => {
    const { prefix, run, archive } = makePlace();
    mkdirSync(join(prefix, 'share/man/man1'), { recursive: true });
    writeFileSync(join(prefix, 'share/man/man1', `${NAME}.1`), 'mine');
    const installed = await run(verified(archive(RELEASE)));
    expect(installed).toMatchObject({ code: 0 });
    expect(installed.stderr).toContain('left as it is');
    writeFileSync(join(prefix, 'share/zsh/site-functions', `_${NAME}`), 'mine too');
    const removed = await run(['--uninstall']);
    expect(removed).toMatchObject({ code: 0 });
    expect(removed.stderr).toContain('changed since');
    expect(plainFilesBelow(prefix)).toEqual([
      `share/man/man1/${NAME}.1`,
      `share/zsh/site-functions/_${NAME}`,
    ]);
  });

  it('removes nothing that is not one of its own files, whatever the list says', async () => {
    const { home, prefix, run, archive } = makePlace();
    writeFileSync(join(home, 'precious'), 'x');
    await run(verified(archive(RELEASE)));
    const manifest = join(prefix, `share/doc/${NAME}/installed-files`);
    const line = `file ${sha256(join(home, 'precious'))} ../precious\nfolder ${home}/precious\n`;
    writeFileSync(manifest, readFileSync(manifest, 'utf8') + line);
    expect(await run(['--uninstall'])).toMatchObject({ code: 0 });
    expect(filesBelow(home)).toEqual(['precious']);
  });

  it('says when docker still asks for the program', async () => {
    const { home, run, archive } = makePlace();
    mkdirSync(join(home, '.docker'));
    writeFileSync(join(home, '.docker/config.json'), '{"credHelpers":{"us.icr.io":"icr"}}');
    await run(verified(archive(RELEASE)));
    expect((await run(['--uninstall'])).stderr).toContain('.docker/config.json still names it');
  });
});

describe('what cannot be', () => {
  it('a program that does not run here: nothing is installed', async () => {
    const { home, run, archive } = makePlace();
    const { code, stderr } = await run(verified(archive({ [NAME]: '\x7fELF for another machine' })));
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^install\.sh: docker-credential-icr does not run on this system: .+\nhint: .+\n$/,
    );
    expect(filesBelow(home)).toEqual([]);
  });

  it.each([
    [
      'a library',
      'Error loading shared library libstdc++.so.6: No such file or directory',
      'apk add libstdc++',
    ],
    ['a library', 'error while loading shared libraries: libgcc_s.so.1: cannot open', 'apk add libstdc++'],
    ['a newer C library', "/lib/libc.so.6: version 'GLIBC_2.17' not found", 'glibc 2.17 or newer'],
    ['Node', "/usr/bin/env: 'node': No such file or directory", 'needs Node'],
    ['Node', "env: can't execute 'node': No such file or directory", 'needs Node'],
    ['what runs it', 'sh: /home/node/bin/x: Exec format error', 'take the archive that is made for it'],
  ])('a program that lacks %s: the hint says so (%s)', async (_, error, hint) => {
    const { home, run, archive } = makePlace();
    const program = `#!/bin/sh\necho "${error}" >&2\nexit 127\n`;
    const { code, stderr } = await run(verified(archive({ [NAME]: program })));
    expect(code).toBe(1);
    expect(stderr).toContain(`hint: `);
    expect(stderr.split('hint: ')[1]).toContain(hint);
    expect(filesBelow(home)).toEqual([]);
  });

  it.each([
    ['musl', ['ld-musl-x86_64.so.1'], 'take the archive with -musl'],
    ['another C library', [], 'take the archive that is made for it'],
  ])('a program whose loader is not there, on a system with %s', async (_, loaders, hint) => {
    const { folder, home, run, archive } = makePlace();
    const lib = join(folder, 'lib');
    mkdirSync(lib);
    for (const loader of loaders) writeFileSync(join(lib, loader), '');
    const script = join(folder, 'release/install.sh');
    writeFileSync(script, readFileSync(script, 'utf8').replace('in /lib/ld-musl', `in ${lib}/ld-musl`));
    // The system says the same where an executable's loader is missing.
    const { code, stderr } = await run(verified(archive({ [NAME]: '#!/lib/ld-of-another-system\n' })));
    expect(code).toBe(1);
    expect(stderr.split('hint: ')[1]).toContain(hint);
    expect(filesBelow(home)).toEqual([]);
  });

  it('a target that is read only: nothing is installed', async () => {
    const { home, prefix, run, archive } = makePlace();
    mkdirSync(join(prefix, 'bin'), { recursive: true });
    chmodSync(join(prefix, 'bin'), 0o555);
    const { code, stderr } = await run(verified(archive(RELEASE)));
    expect(code).toBe(1);
    expect(stderr).toMatch(/^install\.sh: cannot write to .+\nhint: .+\n$/);
    expect(filesBelow(home)).toEqual(['.local', '.local/bin']);
  });

  it('a folder in the way of the last file: what came before is taken back', async () => {
    const { prefix, run, archive } = makePlace();
    mkdirSync(join(prefix, 'share'), { recursive: true });
    writeFileSync(join(prefix, 'share/fish'), '');
    const { code, stderr } = await run(verified(archive(RELEASE)));
    expect(code).toBe(1);
    expect(stderr).toMatch(/^install\.sh: cannot make .+\nhint: .+\n$/);
    expect(filesBelow(prefix)).toEqual(['share', 'share/fish']);
  });

  it.each([[['--nonsense']], [['--prefix']], [['--prefix=']], [['--prefix', '/tmp/a:b']]])(
    '%j',
    async (args) => {
      const { code, stderr } = await makePlace().run(args);
      expect(code).toBe(1);
      expect(stderr).toMatch(/^install\.sh: .+\nhint: .+\n$/);
    },
  );

  it('an interrupted installation leaves nothing', async () => {
    const { home, run, archive } = makePlace();
    const stops = FAKE.replace('# completion for', `$(kill -TERM "$PPID"; sleep 1)`);
    const { code } = await run(verified(archive({ ...RELEASE, [NAME]: stops })));
    expect(code).toBe(143);
    expect(filesBelow(home)).toEqual([]);
  });
});

describe('PATH', () => {
  it.each([
    ['/bin/bash', '~/.bashrc', 'export PATH="$HOME/.local/bin:$PATH"'],
    ['/usr/bin/zsh', '~/.zshrc', 'export PATH="$HOME/.local/bin:$PATH"'],
    ['/bin/sh', '~/.profile', 'export PATH="$HOME/.local/bin:$PATH"'],
    ['/usr/bin/fish', 'Run this once', 'fish_add_path '],
  ])('for %s it says what to add, and where', async (shell, where, line) => {
    const { run, archive } = makePlace();
    const { code, stdout } = await run(verified(archive(RELEASE)), { SHELL: shell });
    expect(code).toBe(0);
    expect(stdout).toContain('is not on your PATH');
    expect(stdout).toContain(where);
    expect(stdout).toContain(`\n  ${line}`);
  });

  it('is not mentioned where it is right', async () => {
    const { prefix, run, archive } = makePlace();
    const { stdout, stderr } = await run(verified(archive(RELEASE)), { PATH: `${prefix}/bin:/usr/bin:/bin` });
    expect({ stdout, stderr }).toEqual({
      stdout: `Installed ${NAME} 9.8.7 in ${prefix}/bin\nNext: ${NAME} login\n`,
      stderr: '',
    });
  });

  it('with another program of this name first is warned about', async () => {
    const { folder, prefix, run, archive } = makePlace();
    mkdirSync(join(folder, 'first'));
    writeFileSync(join(folder, 'first', NAME), '', { mode: 0o755 });
    const { code, stderr } = await run(verified(archive(RELEASE)), {
      PATH: `${folder}/first:${prefix}/bin:/usr/bin:/bin`,
    });
    expect(code).toBe(0);
    expect(stderr).toBe(`warning: PATH finds another ${NAME} first: ${folder}/first/${NAME}\n`);
  });
});

describe('from a checkout', () => {
  /** As much of one as install.sh looks at, with a stand-in for npm. */
  function makeCheckout() {
    const place = makePlace();
    const root = join(place.folder, 'release');
    for (const file of [
      'src/main.ts',
      'scripts/build/group-hot-path.mjs',
      'scripts/build.mjs',
      'scripts/bun.mjs',
      'package-lock.json',
      'LICENSE',
    ]) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), '');
    }
    mkdirSync(join(place.folder, 'npm'));
    const npm = `#!/bin/sh\necho "npm $*"\n[ "$*" = ci ] || { mkdir -p dist; cp '${place.folder}/fake' dist/${NAME}; }\n`;
    writeFileSync(join(place.folder, 'npm/npm'), npm, { mode: 0o755 });
    writeFileSync(join(place.folder, 'fake'), FAKE, { mode: 0o755 });
    return { ...place, root, env: { PATH: `${place.folder}/npm:/usr/bin:/bin` } };
  }

  it('builds what is missing or older than the sources, and only that', async () => {
    const { root, run, env, prefix } = makeCheckout();
    const first = await run([], env);
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toContain(`there is no dist/${NAME}\nnpm ci\nnpm run build\nInstalled`);
    expect((await run([], env)).stdout).not.toContain('npm');
    const later = new Date(Date.now() + 60_000);
    utimesSync(join(root, 'src/main.ts'), later, later);
    expect((await run([], env)).stdout).toContain('src/main.ts is newer');
    utimesSync(join(root, 'dist', NAME), later, later);
    const latest = new Date(Date.now() + 120_000);
    utimesSync(join(root, 'scripts/build/group-hot-path.mjs'), latest, latest);
    expect((await run([], env)).stdout).toContain('scripts/build/group-hot-path.mjs is newer');
    expect(plainFilesBelow(prefix)).toContain(`bin/${NAME}`);
  });

  it('says what is missing without npm', async () => {
    const { run, home } = makeCheckout();
    const { code, stderr } = await run([], { PATH: toolsOnly(home) }, ['/bin/dash']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^install\.sh: npm is needed .+\nhint: .+\n$/);
  });

  /** A PATH on which the tools are, and npm is not. */
  function toolsOnly(home: string): string {
    const tools = join(home, '..', 'tools');
    mkdirSync(tools);
    for (const tool of ['id', 'mktemp', 'dirname', 'rm', 'rmdir', 'sort', 'find', 'head', 'cat'])
      symlinkSync(existsSync(`/usr/bin/${tool}`) ? `/usr/bin/${tool}` : `/bin/${tool}`, join(tools, tool));
    return tools;
  }

  it('installs the real program, which then runs', async () => {
    const { root, run, env, prefix, home } = makeCheckout();
    mkdirSync(join(root, 'dist'));
    copyFileSync(EXECUTABLE, join(root, 'dist', NAME));
    expect(await run([], env)).toMatchObject({ code: 0, stderr: '' });
    const program = join(prefix, 'bin', NAME);
    const { stdout } = await command(program, ['version'], { env: { HOME: home }, ...account });
    expect(stdout).toMatch(/^docker-credential-icr \(/);
    expect(await run(['--uninstall'])).toMatchObject({ code: 0, stderr: '' });
    expect(filesBelow(home)).toEqual([]);
  });
});

describe('root', () => {
  it.runIf(asRoot)('installs below PREFIX for everybody, whatever its umask', async () => {
    const { folder, archive } = makePlace();
    chownSync(folder, 0, 0);
    chmodSync(folder, 0o755);
    const prefix = join(folder, 'usr/local');
    const args = ['-c', 'umask 077; . "$0"', SCRIPT, ...verified(archive(RELEASE))];
    const env = { PATH: '/usr/bin:/bin', PREFIX: prefix, HOME: folder, TMPDIR: join(folder, 'tmp') };
    expect(await command('dash', args, { env })).toMatchObject({ code: 0 });
    expect(modeOf(join(prefix, 'bin'))).toBe('755');
    expect(
      await command(join(prefix, 'bin', NAME), ['version'], { env, ...ordinaryAccount() }),
    ).toMatchObject({ code: 0 });
  });
});

describe('the script itself', () => {
  it.skipIf(!isInstalled('shellcheck', 'what it finds in install.sh'))(
    'is clean under shellcheck',
    async () => {
      const { code, stdout } = await command('shellcheck', [SCRIPT], {
        env: { PATH: process.env['PATH'] ?? '' },
      });
      expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    },
  );

  it('has every option in its help', async () => {
    const { code, stdout } = await makePlace().run(['--help']);
    expect(code).toBe(0);
    const options = readFileSync(SCRIPT, 'utf8').match(/--[a-z]+[0-9]*(?==\*|\))/g) ?? [];
    for (const option of options.filter((found) => found !== '--')) expect(stdout).toContain(option);
  });
});
