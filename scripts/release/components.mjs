// What is inside, by the bundler's own account and the lock files.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../install.mjs';

/**
 * @typedef {object} Component
 * @property {string} name in npm's registry
 * @property {string} version
 * @property {string} license SPDX
 * @property {string} integrity the package as the registry has it: sha512-, and base64
 */

/**
 * The npm packages that a bundle took something from.
 * @param {string} metafile of the bundler
 * @returns {readonly Component[]} sorted by name
 */
export function bundledPackages(metafile) {
  /** @type {readonly string[]} */
  const inputs = Object.keys(JSON.parse(readFileSync(metafile, 'utf8')).inputs);
  const names = inputs.flatMap((path) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? []);
  return [...new Set(names)].sort().map((name) => lockedPackage(name));
}

/**
 * @param {string} name
 * @param {string} [folder] the one of the lock file
 * @returns {Component}
 */
export function lockedPackage(name, folder = root) {
  const { packages } = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8'));
  const { version, license, integrity } = packages[`node_modules/${name}`] ?? {};
  if (!version || !license || !integrity) throw new Error(`${name} is not in the lock file of ${folder}`);
  return { name, version, license, integrity };
}
