// The npm package, by npm pack.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../install.mjs';
import { succeed, writeTo } from './tools.mjs';

/**
 * Packed from a copy: npm takes the modes of files as it finds them, and a checkout has those that its owner's
 * umask gave it.
 * @param {string} out the folder that gets it
 * @param {string} folder for the copy
 */
export function makeNpmPackage(out, folder) {
  // It runs prepack.
  const [{ files }] = JSON.parse(succeed('npm', ['pack', '--dry-run', '--json']));
  for (const { path } of files)
    writeTo(join(folder, path), readFileSync(join(root, path)), isProgram(path) ? 0o755 : 0o644);
  succeed('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', out], { cwd: folder });
}

/** @param {string} path */
const isProgram = (path) => path === 'dist/node/main.js';
