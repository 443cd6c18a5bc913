// Prepares the sources so that what every call loads becomes few chunks. Bun puts modules into one
// chunk that the same imports lead to; dozens of lazy imports would cut the hot path into dozens of
// small files, each of which takes its time to load (docs/performance.md).
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** What is loaded before anything lazy: always, and by the verbs of the protocol. */
const ALWAYS = 'main.ts';
const BY_VERBS = 'app.ts';

const STATIC = /^(?:import|export)\b(?! type\b)[^;'"]*?(?:\bfrom\s*)?'(\.[^']+)'/gm;
const LAZY = /\bimport\(\s*'(\.[^']+)'\s*\)/g;

/**
 * Copies the sources, and has every lazily loaded module import what is loaded before it anyway:
 * then all of them lead there, and it is one chunk.
 * @param {string} sources
 * @param {string} copy is made anew
 */
export function groupHotPath(sources, copy) {
  rmSync(copy, { recursive: true, force: true });
  cpSync(sources, copy, { recursive: true });
  const always = reachable(copy, importsOf(copy, ALWAYS, STATIC));
  const byVerbs = reachable(copy, [BY_VERBS]);
  const files = readdirSync(copy, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  const lazy = new Set(files.flatMap((file) => importsOf(copy, file, LAZY)));
  for (const file of lazy) {
    if (always.has(file) || (byVerbs.has(file) && file !== BY_VERBS)) continue;
    const before = file === BY_VERBS ? [...always] : [...always, BY_VERBS];
    append(
      join(copy, file),
      before.map((other) => `import '${pathFrom(file, other)}';`),
    );
  }
}

/** @param {string} root @param {string[]} entries @returns {Set<string>} */
function reachable(root, entries) {
  const found = new Set(entries);
  for (const file of found) for (const other of importsOf(root, file, STATIC)) found.add(other);
  return found;
}

/** @param {string} root @param {string} file @param {RegExp} pattern */
function importsOf(root, file, pattern) {
  const text = readFileSync(join(root, file), 'utf8');
  return [...text.matchAll(pattern)].map(([, path = '']) => join(dirname(file), path));
}

/** @param {string} path @param {string[]} lines */
function append(path, lines) {
  writeFileSync(path, `${readFileSync(path, 'utf8')}${lines.join('\n')}\n`);
}

/** @param {string} file @param {string} other */
function pathFrom(file, other) {
  const path = relative(dirname(file), other);
  return path.startsWith('.') ? path : `./${path}`;
}
