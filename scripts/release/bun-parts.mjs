// What Bun links and embeds: bun-parts.json, by its own list (LICENSE.md in its repository,
// github.com/oven-sh/bun), and HdrHistogram_c, llhttp and SQLite, which only its build names (scripts/build/deps).
import { readFileSync } from 'node:fs';
import { bunPath } from '../bun.mjs';
import { succeed } from './tools.mjs';

/**
 * @typedef {object} Part
 * @property {string} name
 * @property {string} license SPDX, an expression
 * @property {string} copyright
 * @property {string} [note] how much of it, or where
 * @property {string} [key] of its version in Bun's process.versions, where there is one
 */

/** @type {readonly Part[]} */
const PARTS = JSON.parse(readFileSync(new URL('bun-parts.json', import.meta.url), 'utf8'));

/**
 * @param {string} bunVersion of the runtimes that are released
 * @returns {readonly (Part & { version?: string })[]} a release or a commit each, by Bun's own account; without
 * one where it says nothing
 */
export function bunParts(bunVersion) {
  /** @type {Record<string, string>} */
  const versions = JSON.parse(succeed(bunPath(), ['--print', 'JSON.stringify(process.versions)']));
  if (versions['bun'] !== bunVersion)
    throw new Error(`the Bun that builds is ${versions['bun']}, the one that is released ${bunVersion}`);
  return PARTS.map((part) => {
    const version = part.key && versions[part.key];
    return version ? { ...part, version } : part;
  });
}
