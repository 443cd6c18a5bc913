// Finds the Bun that package-lock.json pins. The npm package's own install script moves the binary
// into place; npm may have been told not to run scripts, so run it here if it has not been.
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const STUB_BYTES = 1_000_000;

/** Absolute path of the Bun executable. */
export function bunPath() {
  const folder = packageFolder();
  const path = join(folder, 'bin', 'bun.exe');
  if (isStub(path)) spawnSync(process.execPath, ['install.js'], { cwd: folder, stdio: 'inherit' });
  if (isStub(path))
    throw new Error(`no Bun executable at ${path}: npm install did not bring one for this system`);
  return path;
}

function packageFolder() {
  try {
    return dirname(createRequire(import.meta.url).resolve('bun/package.json'));
  } catch (cause) {
    throw new Error('Bun, which builds this, is not installed: run npm ci first', { cause });
  }
}

/** @param {string} path */
function isStub(path) {
  return (statSync(path, { throwIfNoEntry: false })?.size ?? 0) < STUB_BYTES;
}
