// Builds dist/docker-credential-icr, one executable with the runtime inside, and its man page.
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { groupHotPath } from './build/group-hot-path.mjs';
import { bunPath } from './bun.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

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

groupHotPath(join(root, 'src'), join(root, SOURCES));
const args = ['build', ...FLAGS, `${SOURCES}/main.ts`, '--outfile', 'dist/docker-credential-icr'];
execFileSync(bunPath(), args, { cwd: root, stdio: 'inherit' });
rmSync(join(root, dirname(SOURCES)), { recursive: true });
execFileSync(process.execPath, ['scripts/man-page.mjs'], { cwd: root, stdio: 'inherit' });
