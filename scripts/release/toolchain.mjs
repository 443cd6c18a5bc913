// The runtimes of all platforms, from this folder's own lock file: they are 1 GB, which the project's
// own npm ci must not bring.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bunPath } from '../bun.mjs';
import { root } from '../install.mjs';
import { succeed } from './tools.mjs';

export const folder = fileURLToPath(new URL('.', import.meta.url));

/** Brings what the lock file names, checked by its hashes; --force, since most is for other platforms. */
export function installToolchain() {
  if (sameLock()) return;
  succeed('npm', ['ci', '--force', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: folder });
}

function sameLock() {
  const installed = join(folder, 'node_modules/.package-lock.json');
  if (!existsSync(installed)) return false;
  return Object.entries(packagesOf(join(folder, 'package-lock.json'))).every(
    ([path, { integrity }]) => path === '' || packagesOf(installed)[path]?.integrity === integrity,
  );
}

/** @param {string} lock @returns {Record<string, { version: string, integrity?: string }>} */
function packagesOf(lock) {
  return JSON.parse(readFileSync(lock, 'utf8')).packages;
}

/**
 * Bun for a platform, as a file.
 * @param {{ runtime: string }} platform
 */
export function runtimeOf(platform) {
  if (isOwn(platform)) return bunPath();
  for (const name of ['bun', 'bun.exe']) {
    const path = join(folder, 'node_modules', platform.runtime, 'bin', name);
    if (existsSync(path)) return path;
  }
  throw new Error(`${platform.runtime} is not there: npm has brought no Bun for this platform`);
}

/**
 * Whether the project's own npm ci brought it, by the same hash.
 * @param {{ runtime: string }} platform
 */
export function isOwn({ runtime }) {
  const path = `node_modules/${runtime}`;
  return (
    existsSync(join(root, path)) &&
    packagesOf(join(root, 'package-lock.json'))[path]?.integrity ===
      packagesOf(join(folder, 'package-lock.json'))[path]?.integrity
  );
}
