// Builds the Node flavour: dist/node, which the npm package holds. npm pack runs it first.
import { execFileSync } from 'node:child_process';
import { chmodSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bunPath } from './bun.mjs';
import { root } from './install.mjs';
import { bundledPackages } from './release/components.mjs';
import { licenceText } from './release/licences.mjs';
import { writeTo } from './release/tools.mjs';

const FLAGS = [
  'build',
  '--target=node',
  // Behind an import() that only the other runtime comes to.
  '--external=bun:ffi',
  // Native: npm brings the one for the platform.
  '--external=@napi-rs/keyring',
  // Optional wishes of a proxy's agent, which it does without.
  '--external=kerberos',
  '--external=supports-color',
];

/** Modules, so that what is imported lazily stays out of the start. */
function buildNodePackage() {
  const folder = join(root, 'dist/node');
  rmSync(folder, { recursive: true, force: true });
  const metafile = join(folder, 'metafile.json');
  bun(['--format=esm', '--splitting', `--metafile=${metafile}`, '--outdir', folder]);
  writeTo(join(folder, 'THIRD-PARTY'), licenceText(bundledPackages(metafile), null));
  rmSync(metafile);
  for (const name of readdirSync(folder)) chmodSync(join(folder, name), name === 'main.js' ? 0o755 : 0o644);
}

/**
 * All in one file, whatever its name is and wherever it lies, without the keychain's addon.
 * @param {string} outfile
 * @param {string} metafile is written, and says what came into it
 */
export function buildNodeFile(outfile, metafile) {
  const anywhere = [
    // Otherwise the path of this checkout would be in it.
    '--define=import.meta.url="file:///"',
    // It asks for nothing but Node's own. Below a package.json that makes it a module there is no require.
    '--banner=var require=process.getBuiltinModule;',
  ];
  bun(['--format=cjs', '--minify', ...anywhere, `--metafile=${metafile}`, '--outfile', outfile]);
  chmodSync(outfile, 0o755);
}

/** @param {readonly string[]} args */
function bun(args) {
  // npm reads the output of its scripts, where it was asked for JSON.
  execFileSync(bunPath(), [...FLAGS, ...args, 'src/main.ts'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  buildNodePackage();
  execFileSync(process.execPath, ['scripts/man-page.mjs'], { cwd: root, stdio: 'inherit' });
}
