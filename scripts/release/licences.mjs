// LICENSE as it is released: ours, then the notices and licences of all that is inside.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from '../install.mjs';
import { bunParts } from './bun-parts.mjs';

/** The texts that bun-parts.json names; that of Apache-2.0 is ours. */
const folder = fileURLToPath(new URL('licences', import.meta.url));
const RULE = '='.repeat(80);

const BUN = `Bun: MIT, Copyright (c) Oven and the Bun contributors.

It contains the following, linked statically or embedded. The texts of the
licences follow, that of Apache-2.0 stands at the top of this file. Sources of
JavaScriptCore and WebCore, and how to link Bun with others:
github.com/oven-sh/webkit, and LICENSE.md in github.com/oven-sh/bun.
`;

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
    ...(bun ? [`Bun ${bun.version} and what it links\n\n${bunLicences(bun.version)}`] : []),
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
  return `Copyright (c) ${author.name ?? author}\n\n${read('MIT.txt')}`;
}

/** The list of what it links, then the texts that the list names. @param {string} version */
function bunLicences(version) {
  const names = readdirSync(folder).sort();
  const texts = names.map((name) => `--- ${name.slice(0, -4)} ---\n\n${read(name)}`);
  return [BUN, `${bunParts(version).map(lineOf).join('\n')}\n`, ...texts].join('\n');
}

/** @param {ReturnType<typeof bunParts>[number]} part */
function lineOf({ name, note, version, license, copyright }) {
  return `  ${[name, version].filter(Boolean).join(' ')}${note ? `, ${note}` : ''} (${license})\n    ${copyright}`;
}

/** @param {string} name */
const read = (name) => readFileSync(join(folder, name), 'utf8');
