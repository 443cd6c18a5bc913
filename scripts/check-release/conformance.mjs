// The conformance suite, in full, for each kind of package.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../install.mjs';
import { PRODUCT } from '../release/product.mjs';
import { succeed } from '../release/tools.mjs';
import { unpack } from './unpack.mjs';

/** @param {string} release @param {string} work */
export function conformance(release, work) {
  mkdirSync(work, { recursive: true });
  const { name, version } = PRODUCT;
  const deb = join(release, `${name}_${version}_amd64.deb`);
  return [
    ...run('executable', unpack(release, work, { name: 'linux-x64' })),
    ...run('.deb', `/usr/bin/${name}`, [join(root, 'scripts/release/with-deb.sh'), deb]),
    ...run('npm package', installGlobally(release, work)),
  ];
}

/** @param {string} release @param {string} work @returns {string} the program */
function installGlobally(release, work) {
  const { name, version } = PRODUCT;
  const prefix = join(work, 'npm');
  const tarball = join(release, `${name}-${version}.tgz`);
  succeed('npm', ['install', '--silent', '--global', '--prefix', prefix, '--prefer-offline', tarball]);
  // Many tests give the program a PATH on which there is no Node.
  const main = join(prefix, 'lib/node_modules', name, 'dist/node/main.js');
  writeFileSync(main, readFileSync(main, 'utf8').replace(/^#!.*/, `#!${process.execPath}`));
  return join(prefix, 'bin', name);
}

/** @param {string} what @param {string} program @param {readonly string[]} [wrapper] */
function run(what, program, wrapper = []) {
  const command = [...wrapper, join(root, 'node_modules/.bin/vitest'), 'run', '--project', 'conformance'];
  const { status } = spawnSync(command[0] ?? '', command.slice(1), {
    cwd: root,
    env: { ...process.env, ICR_TEST_EXECUTABLE: program },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  return status === 0 ? [] : [`${what}: see above`];
}
