// The npm package, by npm pack.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../install.mjs';
import { isPlaceholder, PRODUCT } from './product.mjs';
import { jsonOf, succeed, writeTo } from './tools.mjs';

/**
 * Packed from a copy: npm takes the modes of files as it finds them, and a checkout has those that its owner's
 * umask gave it.
 * @param {string} out the folder that gets it
 * @param {string} folder for the copy
 */
export function makeNpmPackage(out, folder) {
  // It runs prepack.
  const [{ files }] = JSON.parse(succeed('npm', ['pack', '--silent', '--dry-run', '--json']));
  for (const { path } of files)
    writeTo(join(folder, path), readFileSync(join(root, path)), isProgram(path) ? 0o755 : 0o644);
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  writeTo(join(folder, 'package.json'), jsonOf({ ...manifest, ...links() }));
  succeed('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', out], { cwd: folder });
}

/** What npm shows, and resolves the links of README.md against; nothing where it is not known. */
function links() {
  const { homepage } = PRODUCT;
  if (isPlaceholder(homepage)) return {};
  const repository = { type: 'git', url: `git+${homepage}.git` };
  return { homepage, repository, bugs: { url: `${homepage}/issues` } };
}

/** @param {string} path */
const isProgram = (path) => path === 'dist/node/main.js';
