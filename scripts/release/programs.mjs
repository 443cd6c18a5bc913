// What of the system a release is packed with: whether it is here, and which it is.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { commitHash } from './commit.mjs';

/** Debian has them in tar, gzip, zip, dpkg and rpm; npm comes with Node. */
const PROGRAMS = ['npm', 'tar', 'gzip', 'zip', 'dpkg-deb', 'rpmbuild'];

/** @returns {readonly string[]} names */
export function missingPrograms() {
  return PROGRAMS.filter((name) => versionOf(name) === null);
}

/** What the tests of a release need, which build it from a second checkout too, and is not here. */
export function missingForTests() {
  return [...missingPrograms(), ...(commitHash() === null ? ['a checkout of git'] : [])];
}

/** @returns {Record<string, string>} of everything that may change a byte of what is released */
export function versions() {
  return {
    system: systemName(),
    node: process.version.slice(1),
    ...Object.fromEntries(PROGRAMS.map((name) => [name, versionOf(name) ?? 'unknown'])),
  };
}

/** @param {string} program @returns {string | null} null where it does not start */
function versionOf(program) {
  const { stdout } = spawnSync(program, ['--version'], { encoding: 'utf8' });
  return /\d+(?:\.\d+)+/.exec(stdout ?? '')?.[0] ?? null;
}

/** The distribution decides on the libraries that these programs compress with. */
function systemName() {
  const file = '/etc/os-release';
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  return /^PRETTY_NAME="?([^"\n]+)/m.exec(text)?.[1] ?? process.platform;
}
