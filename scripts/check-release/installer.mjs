// install.sh takes the archive with the hash that SHA256SUMS has, and no other.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { archiveName } from '../release/archives.mjs';
import { PRODUCT } from '../release/product.mjs';
import { sha256 } from '../release/tools.mjs';

/** @param {string} release @param {string} work */
export function installer(release, work) {
  mkdirSync(work, { recursive: true });
  // Beside nothing else: it is not the checkout's.
  copyFileSync(join(release, 'install.sh'), join(work, 'install.sh'));
  return ['linux-x64', 'node'].flatMap((name) => {
    const archive = join(release, archiveName({ name }));
    const prefix = join(work, name);
    const call = (/** @type {readonly string[]} */ ...args) =>
      spawnSync('sh', [join(work, 'install.sh'), '--prefix', prefix, ...args], { encoding: 'utf8' });
    const other = call('--archive', archive, '--sha256', '0'.repeat(64));
    if (other.status === 0 || existsSync(prefix)) return [`${name}: another hash was taken`];
    const { status, stderr } = call('--archive', archive, '--sha256', sha256(archive));
    if (status !== 0) return [`${name}: ${stderr}`];
    const program = join(prefix, 'bin', PRODUCT.name);
    const { stdout } = spawnSync(program, ['version'], { encoding: 'utf8' });
    const gone = call('--uninstall');
    return [
      ...(stdout.endsWith(` ${PRODUCT.version}\n`) ? [] : [`${name}: the installed program does not run`]),
      ...(gone.status === 0 && !existsSync(prefix) ? [] : [`${name}: something stays`]),
    ];
  });
}
