// Platforms that this machine is not, under Debian's qemu-user, with Debian's libraries and Node for them.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { PRODUCT } from '../release/product.mjs';
import { succeed } from '../release/tools.mjs';
import { foreignRoot } from './foreign.mjs';
import { unpack } from './unpack.mjs';
import { walk } from './walk.mjs';

/** @param {string} release @param {string} work */
export function emulated(release, work) {
  mkdirSync(work, { recursive: true });
  return [
    ...arm64(release, join(work, 'arm64')),
    ...node(release, join(work, 's390x'), 's390x', 'qemu-s390x'),
    ...node(release, join(work, 'ppc64el'), 'ppc64el', 'qemu-ppc64le'),
  ];
}

/** @param {string} release @param {string} work */
function arm64(release, work) {
  const root = foreignRoot(work, 'arm64', ['libc6']);
  const program = unpack(release, work, { name: 'linux-arm64' });
  return problems('linux-arm64', walk(join(work, 'home'), ['qemu-aarch64', '-L', root, program]));
}

/**
 * What the Debian package holds, and the npm package.
 * @param {string} release @param {string} work @param {string} architecture @param {string} emulator
 */
function node(release, work, architecture, emulator) {
  const { name, version } = PRODUCT;
  const root = foreignRoot(work, architecture, ['nodejs']);
  const command = [emulator, '-L', root, join(root, 'usr/bin/node')];
  succeed('dpkg-deb', ['--extract', join(release, `${name}_${version}_${architecture}.deb`), work]);
  succeed('tar', ['-xzf', join(release, `${name}-${version}.tgz`), '-C', work]);
  return [
    ...problems(`${architecture}.deb`, walk(join(work, 'one'), [...command, join(work, 'usr/bin', name)])),
    ...problems(
      `npm on ${architecture}`,
      walk(join(work, 'two'), [...command, join(work, 'package/dist/node/main.js')]),
    ),
  ];
}

/** @param {string} where @param {readonly string[]} found */
function problems(where, found) {
  return found.map((problem) => `${where}: ${problem}`);
}
