import { spawnSync } from 'node:child_process';

/** What apt-get would bring is not asked for on other machines, which say what they leave out; CI has it. */
export function isInstalled(program: string, what: string): boolean {
  const isThere = spawnSync(program, ['--version']).error === undefined;
  if (!isThere && process.env['CI'] === 'true') throw new Error(`${program} is missing in CI`);
  if (!isThere) console.warn(`SKIPPED: ${what}, since ${program} is not installed`);
  return isThere;
}
