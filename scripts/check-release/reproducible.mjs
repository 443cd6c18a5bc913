// The same commit, built again in another folder: the same bytes in every file.
import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../install.mjs';
import { succeed } from '../release/tools.mjs';

/** @param {string} release @param {string} work */
export function reproducible(release, work) {
  mkdirSync(work, { recursive: true });
  const copy = join(work, 'copy');
  // The commit is what its time is taken from, and what the provenance names.
  succeed('git', ['clone', '--quiet', root, copy]);
  for (const folder of ['node_modules', 'scripts/release/node_modules'])
    cpSync(join(root, folder), join(copy, folder), { recursive: true, verbatimSymlinks: true });
  succeed(process.execPath, ['scripts/release.mjs'], { cwd: copy });
  const [first, second] = [release, join(copy, 'dist/release')].map((folder) =>
    readFileSync(join(folder, 'SHA256SUMS'), 'utf8').split('\n'),
  );
  return (first ?? [])
    .filter((line) => !second?.includes(line))
    .map((line) => `${line.split('  ')[1]} is another`);
}
