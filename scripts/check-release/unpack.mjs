// The program out of a released archive.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { archiveName } from '../release/archives.mjs';
import { isWindows } from '../release/platforms.mjs';
import { PRODUCT } from '../release/product.mjs';
import { succeed } from '../release/tools.mjs';

/**
 * @param {string} release @param {string} work
 * @param {{ name: string }} platform
 * @returns {string} the program
 */
export function unpack(release, work, platform) {
  const folder = join(work, platform.name);
  mkdirSync(folder, { recursive: true });
  const archive = join(release, archiveName(platform));
  if (isWindows(platform)) succeed('busybox', ['unzip', '-q', archive, '-d', folder]);
  else succeed('tar', ['-xzf', archive, '-C', folder]);
  return join(folder, isWindows(platform) ? `${PRODUCT.name}.exe` : PRODUCT.name);
}
