// The archives: exactly the program, its man page and the licences, which is all that install.sh takes.
import { chmodSync, copyFileSync, mkdirSync, readdirSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { isWindows } from './platforms.mjs';
import { PRODUCT } from './product.mjs';
import { succeed } from './tools.mjs';

/**
 * @typedef {object} Contents
 * @property {string} program a file; its name says whether it ends in .exe
 * @property {string} page
 * @property {string} licence
 */

/**
 * @param {string} archive what is written; its name says of which kind it is
 * @param {Contents} contents
 * @param {number} seconds the time of all entries
 */
export function makeArchive(archive, contents, seconds) {
  const folder = `${archive}.contents`;
  mkdirSync(folder, { recursive: true });
  const program = `${PRODUCT.name}${contents.program.endsWith('.exe') ? '.exe' : ''}`;
  add(contents.program, join(folder, program), 0o755);
  add(contents.page, join(folder, `${PRODUCT.name}.1`), 0o644);
  add(contents.licence, join(folder, 'LICENSE'), 0o644);
  const names = readdirSync(folder).sort();
  for (const name of names) utimesSync(join(folder, name), seconds, seconds);
  rmSync(archive, { force: true });
  if (archive.endsWith('.zip')) zip(archive, folder, names);
  else tar(archive, folder, names);
  rmSync(folder, { recursive: true });
}

/** @param {string} from @param {string} to @param {number} mode */
function add(from, to, mode) {
  copyFileSync(from, to);
  chmodSync(to, mode);
}

/** @param {string} archive @param {string} folder @param {readonly string[]} names */
function tar(archive, folder, names) {
  const owner = ['--owner=0', '--group=0', '--numeric-owner'];
  const args = ['--create', '--format=ustar', ...owner, '--file', archive.replace(/\.gz$/, ''), ...names];
  succeed('tar', args, { cwd: folder });
  // Without the name and time of the file that is packed.
  succeed('gzip', ['--no-name', '--force', archive.replace(/\.gz$/, '')]);
}

/**
 * Its times are local ones, and without an option it notes more than the time.
 * @param {string} archive @param {string} folder @param {readonly string[]} names
 */
function zip(archive, folder, names) {
  succeed('zip', ['-X', '-q', archive, ...names], { cwd: folder, env: { TZ: 'UTC' } });
}

/** @param {{ name: string }} platform */
export function archiveName({ name }) {
  return `${PRODUCT.name}-${name}.${isWindows({ name }) ? 'zip' : 'tar.gz'}`;
}
