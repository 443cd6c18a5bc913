// The same commit, built again in another folder by somebody with another umask: the same bytes in every file.
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../install.mjs';
import { succeed } from '../release/tools.mjs';

/** @param {string} release @param {string} work */
export function reproducible(release, work) {
  mkdirSync(work, { recursive: true });
  const copy = join(work, 'copy');
  // The commit is what its time is taken from, and what the provenance names.
  withUmask(['git', 'clone', '--quiet', root, copy]);
  // The same files, by hard links; what is not there the release fetches.
  for (const folder of ['.', 'scripts/release'].filter((one) => existsSync(join(root, one, 'node_modules'))))
    succeed('cp', ['-al', join(root, folder, 'node_modules'), join(copy, folder)]);
  withUmask([process.execPath, 'scripts/release.mjs'], copy);
  const [first, second] = [release, join(copy, 'dist/release')].map((folder) =>
    readFileSync(join(folder, 'SHA256SUMS'), 'utf8').split('\n'),
  );
  return (first ?? [])
    .filter((line) => !second?.includes(line))
    .map((line) => `${line.split('  ')[1]} is another`);
}

/** Debian's own for users with a group of their own. @param {readonly string[]} command @param {string} [cwd] */
function withUmask(command, cwd = root) {
  succeed('sh', ['-c', 'umask 002; exec "$@"', 'sh', ...command], { cwd });
}
