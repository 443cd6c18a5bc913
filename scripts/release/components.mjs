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
 * @property {boolean} optional installed only where it fits the platform
 * @property {readonly string[]} dependencies names
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

/** Each once. @param {readonly Component[]} components */
export function distinct(components) {
  return [...new Map(components.map((component) => [component.name, component])).values()];
}

/**
 * @param {string} name
 * @param {string} [folder] the one of the lock file
 * @returns {Component}
 */
export function lockedPackage(name, folder = root) {
  const locked = packagesIn(folder)[`node_modules/${name}`];
  const { version, license, integrity, optional = false } = locked ?? {};
  if (!version || !license || !integrity) throw new Error(`${name} is not in the lock file of ${folder}`);
  return { name, version, license, integrity, optional, dependencies: dependenciesOf(locked) };
}

/** Names of what package.json asks for itself, bundled or not. */
export function directDependencies() {
  return dependenciesOf(packagesIn(root)['']);
}

/** @param {string} folder */
function packagesIn(folder) {
  return JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8')).packages;
}

/** @param {Record<string, object>} locked */
function dependenciesOf({ dependencies, devDependencies, optionalDependencies }) {
  return Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies });
}

/**
 * The npm package, as SBOM and provenance name it: github.com/package-url/purl-spec.
 * @param {Component} component
 */
export const purl = ({ name, version }) => `pkg:npm/${name.replace('@', '%40')}@${version}`;

/** The hash of the package, in hexadecimal. @param {Component} component */
export const sha512 = ({ integrity }) =>
  Buffer.from(integrity.replace(/^sha512-/, ''), 'base64').toString('hex');
