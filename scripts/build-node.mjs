// Builds the Node flavour: dist/node, which the npm package holds. npm pack runs it first.
import { execFileSync } from 'node:child_process';
import { chmodSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bunPath } from './bun.mjs';
import { root } from './install.mjs';

const FLAGS = [
  'build',
  '--target=node',
  // Behind an import() that only the other runtime comes to.
  '--external=bun:ffi',
  // Native: npm brings the one for the platform.
  '--external=@napi-rs/keyring',
  // Optional, and asked for by a proxy's agent: would not be found on any machine.
  '--external=kerberos',
];

/** Modules, so that what is imported lazily stays out of the start. */
export function buildNodePackage() {
  const folder = join(root, 'dist/node');
  rmSync(folder, { recursive: true, force: true });
  bun(['--format=esm', '--splitting', '--outdir', folder]);
  for (const name of readdirSync(folder)) chmodSync(join(folder, name), 0o644);
  chmodSync(join(folder, 'main.js'), 0o755);
}

/**
 * All in one file that Node runs whatever its name is: no module, and without the keychain's addon.
 * @param {string} outfile
 */
export function buildNodeFile(outfile) {
  // Otherwise the path of this checkout would be in it.
  bun(['--format=cjs', '--minify', '--define=import.meta.url=__filename', '--outfile', outfile]);
  chmodSync(outfile, 0o755);
}

/** @param {readonly string[]} args */
function bun(args) {
  // npm reads the output of its scripts, where it was asked for JSON.
  const stdio = /** @type {const} */ (['ignore', 'ignore', 'inherit']);
  execFileSync(bunPath(), [...FLAGS, ...args, 'src/main.ts'], { cwd: root, stdio });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  buildNodePackage();
  execFileSync(process.execPath, ['scripts/man-page.mjs'], { cwd: root, stdio: 'inherit' });
}
