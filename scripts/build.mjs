// Builds dist/docker-credential-icr, one executable with the runtime inside, and its man page.
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { groupHotPath } from './build/group-hot-path.mjs';
import { signProgram } from './build/sign-mach-o.mjs';
import { bunPath } from './bun.mjs';
import { root } from './install.mjs';

/** What is built; under the root, so that packages are found. */
const SOURCES = 'dist/build/src';

const FLAGS = [
  '--compile',
  '--minify',
  '--bytecode',
  '--format=esm',
  // What is imported lazily stays out of the start.
  '--splitting',
  // Without these two the program would run a bunfig.toml's preload scripts, and read a .env, from
  // whatever folder docker was called in.
  '--no-compile-autoload-dotenv',
  '--no-compile-autoload-bunfig',
  // The operating system's trust store, beside the one that is built in.
  '--compile-exec-argv=--use-system-ca',
  // Only the Node flavour reaches the keychain through it.
  '--external=@napi-rs/keyring',
  '--external=https-proxy-agent',
];

/**
 * The same sources, runtime and name of the file give the same bytes.
 * @param {string} outfile
 * @param {{ target?: string, runtime?: string, metafile?: string }} [options] for another platform Bun's
 * name of it and its runtime, a file; `metafile` is written, and says what came into the bundle
 */
export function buildExecutable(outfile, { target, runtime, metafile } = {}) {
  const options = [
    ...(target ? [`--target=${target}`] : []),
    ...(runtime ? [`--compile-executable-path=${runtime}`] : []),
    ...(metafile ? [`--metafile=${metafile}`] : []),
  ];
  groupHotPath(join(root, 'src'), join(root, SOURCES));
  const args = ['build', ...FLAGS, ...options, `${SOURCES}/main.ts`, '--outfile', outfile];
  execFileSync(bunPath(), args, { cwd: root, stdio: 'inherit' });
  rmSync(join(root, dirname(SOURCES)), { recursive: true });
  // What it makes for arm64 Bun signs itself.
  if ((target ?? `bun-${process.platform}-${process.arch}`) === 'bun-darwin-x64')
    signProgram(resolve(root, outfile));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  buildExecutable('dist/docker-credential-icr');
  execFileSync(process.execPath, ['scripts/man-page.mjs'], { cwd: root, stdio: 'inherit' });
}
