// What there is to do before the demonstration can begin.
import { accessSync, constants, readdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { root } from '../install.mjs';

/** All that the executable is made of. */
const SOURCES = ['src', 'scripts/build', 'scripts/build.mjs', 'scripts/bun.mjs', 'package-lock.json'];

export const EXECUTABLE = join(
  root,
  'dist',
  process.platform === 'win32' ? 'docker-credential-icr.exe' : 'docker-credential-icr',
);

/** Whether the executable is there and newer than everything that it is made of. */
export function isBuilt() {
  return SOURCES.every((source) => newestIn(join(root, source)) <= modifiedAt(EXECUTABLE));
}

/** Whether npm can write to its cache. Its usual place is below the home folder on every system. */
export function canCache() {
  return isWritable(process.env['npm_config_cache'] || join(homedir(), '.npm'));
}

/** Folders count too: theirs changes when a file in them goes away. @param {string} path */
function newestIn(path) {
  if (!statSync(path).isDirectory()) return modifiedAt(path);
  const entries = readdirSync(path, { recursive: true, encoding: 'utf8' });
  return Math.max(modifiedAt(path), ...entries.map((entry) => modifiedAt(join(path, entry))));
}

/** Milliseconds since 1970, 0 for what is not there. @param {string} path */
function modifiedAt(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/** Whether the folder can be written to, or made. @param {string} path @returns {boolean} */
function isWritable(path) {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch (error) {
    const missing = /** @type {NodeJS.ErrnoException} */ (error).code === 'ENOENT';
    return missing && dirname(path) !== path && isWritable(dirname(path));
  }
}
