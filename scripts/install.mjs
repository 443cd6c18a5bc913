// Brings node_modules to what package-lock.json says, if it is not there yet.
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** Whether npm has done so already. */
export function isInstalled() {
  const installed = join(root, 'node_modules/.package-lock.json');
  const wanted = join(root, 'package-lock.json');
  return existsSync(installed) && statSync(installed).mtimeMs >= statSync(wanted).mtimeMs;
}

export function installDependencies() {
  if (!isInstalled()) run('npm', ['ci', '--no-audit', '--no-fund']);
}

/**
 * Runs a program in the project's folder and ends this process if it fails.
 * @param {string} program @param {string[]} args
 */
export function run(program, args) {
  const { status, error } = spawnSync(program, args, {
    cwd: root,
    stdio: 'inherit',
    // There npm is a batch file, which only a shell starts; a shell would break Node's own path at a blank.
    shell: process.platform === 'win32' && program === 'npm',
  });
  if (status === 0) return;
  console.error(`failed: ${program} ${args.join(' ')}${error ? ` (${error.message})` : ''}`);
  process.exit(1);
}
