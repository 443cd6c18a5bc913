// LICENSE as it is released: ours, then the notices and licences of all that is inside.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from '../install.mjs';

const folder = fileURLToPath(new URL('licences', import.meta.url));
/** What Bun links, and whose it is; beside it the texts of the licences. */
const BUN = 'bun.txt';
const RULE = '='.repeat(80);

/**
 * @param {readonly import('./components.mjs').Component[]} packages
 * @param {{ version: string } | null} bun the runtime, where it is inside
 * @returns {string}
 */
export function licenceText(packages, bun) {
  const parts = [
    readFileSync(join(root, 'LICENSE'), 'utf8'),
    'The program contains the following, each under its own licence.\n',
    ...packages.map(
      ({ name, version, license }) => `${name} ${version} (${license})\n\n${packageLicence(name)}`,
    ),
    ...(bun ? [`Bun ${bun.version} and what it links\n\n${bunLicences()}`] : []),
  ];
  return parts.map((part) => `${part.trim()}\n`).join(`\n${RULE}\n\n`);
}

/** @param {string} name */
function packageLicence(name) {
  const place = join(root, 'node_modules', name);
  const file = readdirSync(place).find((entry) => /^licen[cs]e(?:\.|$)/i.test(entry));
  if (file) return readFileSync(join(place, file), 'utf8');
  // Some name their author and the licence only.
  const { license, author } = JSON.parse(readFileSync(join(place, 'package.json'), 'utf8'));
  if (license !== 'MIT' || !author) throw new Error(`${name} has no licence text`);
  return `Copyright (c) ${author.name ?? author}\n\n${readFileSync(join(folder, 'MIT.txt'), 'utf8')}`;
}

/** The list of what it links, then the texts that the list names. */
function bunLicences() {
  const read = (/** @type {string} */ name) => readFileSync(join(folder, name), 'utf8');
  const texts = readdirSync(folder).filter((name) => name !== BUN);
  return [read(BUN), ...texts.sort().map((name) => `--- ${name.slice(0, -4)} ---\n\n${read(name)}`)].join(
    '\n',
  );
}
