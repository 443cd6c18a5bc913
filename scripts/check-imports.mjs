// Holds the direction of imports (docs/architecture.md): a file may import from its own layer's
// interface files and from layers below, never from above.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../src/', import.meta.url));

/** From the top down; a place is a folder, or a file directly under src/. */
const LAYERS = [
  ['main'],
  ['commands'],
  ['doctor', 'export'],
  ['app', 'clients', 'terminal'],
  ['kubelet', 'login'],
  ['helper', 'network'],
  ['answer', 'sources'],
  ['ibmcloud'],
  ['iam', 'icr', 'protocol', 'round-trip'],
  ['cache', 'stores'],
  ['lock', 'config', 'http', 'http-transport'],
  ['make-key-file', 'boot-id', 'credential', 'http-agent-node', 'host-system'],
  ['key-file'],
  [
    'child-environment',
    'files',
    'proxy',
    'sealing',
    'registry-host',
    'retry',
    'explain',
    'find-program',
    'process-stat',
    'dumpable',
    'write',
  ],
  ['read-file'],
  ['io'],
  [
    'libc',
    'system',
    'errors',
    'hash',
    'json-object',
    'nearest',
    'one-line',
    'posix-quote',
    'random-name',
    'secret',
    'stand-still',
    'tokens',
    'version',
  ],
];

/** Types that two layers share, without the code behind them. */
const INTERFACES = new Set(['http.ts', 'config/settings.ts', 'cache/token-slot.ts', 'iam/grants.ts']);

/** Where each may appear; everybody else gets it handed in. */
const CONFINED = [
  {
    what: /\bprocess\./,
    where: [
      'main.ts',
      'host-system.ts',
      'hash.ts',
      'io/',
      'libc.ts',
      'http-transport.ts',
      'http-agent-node.ts',
      'stores/',
      'terminal/',
      'commands/run-for-person.ts',
    ],
  },
  { what: /\bfetch\(/, where: ['http.ts'] },
  { what: /\bconsole\./, where: [] },
];

const layerOf = new Map(LAYERS.flatMap((places, layer) => places.map((place) => [place, layer])));
const problems = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .flatMap(check);
for (const problem of problems) console.error(problem);
process.exit(problems.length === 0 ? 0 : 1);

/** @param {string} file */
function check(file) {
  const text = readFileSync(join(root, file), 'utf8');
  const imports = [
    ...text.matchAll(/^(import type|import|export)\b[^;'"]*?\bfrom\s*'(\.[^']+)'/gm),
    ...text.matchAll(/\b(import)\(\s*'(\.[^']+)'/g),
  ];
  const wrong = imports
    .map(([, kind, target = '']) => ({ kind, target: relative(root, join(root, dirname(file), target)) }))
    .filter(({ kind, target }) => !isAllowed(file, target, kind === 'import type'))
    .map(({ target }) => `src/${file} must not import ${target}`);
  const code = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
  const stray = CONFINED.filter(
    ({ what, where }) => what.test(code) && !where.some((place) => file.startsWith(place)),
  );
  return [...wrong, ...stray.map(({ what }) => `src/${file} must not use ${what.source}`)];
}

/** @param {string} file @param {string} target @param {boolean} onlyTypes */
function isAllowed(file, target, onlyTypes) {
  if (placeOf(file) === placeOf(target)) return true;
  if (placeOf(file) === 'protocol')
    return ['errors.ts', 'explain.ts', 'io.ts', 'one-line.ts', 'secret.ts'].includes(target);
  if (onlyTypes && INTERFACES.has(target)) return true;
  return layer(file) < layer(target);
}

/** @param {string} file */
function layer(file) {
  const found = layerOf.get(placeOf(file));
  if (found === undefined)
    throw new Error(`src/${file} is in no layer: put it into scripts/check-imports.mjs`);
  return found;
}

/** @param {string} file */
function placeOf(file) {
  return file.includes('/') ? file.slice(0, file.indexOf('/')) : file.replace(/\.ts$/, '');
}
