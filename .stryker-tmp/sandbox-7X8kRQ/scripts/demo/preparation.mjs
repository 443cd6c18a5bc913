// What there is to do before the demonstration can begin.
import { accessSync, constants, readdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { root } from '../install.mjs';

/** All that the executable is made of. */
const SOURCES = ['src', 'scripts/build.mjs', 'scripts/bun.mjs', 'package-lock.json'];

export const EXECUTABLE = join(
  root,
  'dist',
  process.platform === 'win32' ? 'docker-credential-icr.exe' : 'docker-credential-icr',
);

/** As installDependencies sees it. */
export function isInstalled() {
  return (
    modifiedAt(join(root, 'node_modules/.package-lock.json')) >= modifiedAt(join(root, 'package-lock.json'))
  );
}

/** Whether the executable is there and newer than everything that it is made of. */
export function isBuilt() {
  return SOURCES.every((source) => newestIn(join(root, source)) <= modifiedAt(EXECUTABLE));
}

/** npm's own choice if it can write there, else a place in `folder`. @param {string} folder */
export function npmCache(folder) {
  const usual = process.env['npm_config_cache'] || join(homedir(), '.npm');
  return isWritable(usual) ? usual : join(folder, 'npm-cache');
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
