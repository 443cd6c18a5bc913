// npm run mutation: changes the code that mutation/subjects.mjs names in every small way that Stryker knows,
// and looks whether a test fails (docs/reliability.md, "Test quality").
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { parseArgs } from 'node:util';
import { Stryker } from '@stryker-mutator/core';
import { installDependencies, root } from './install.mjs';
import { SUBJECTS } from './mutation/subjects.mjs';

/** Percent of the mutants that have to be noticed. */
const THRESHOLD = 85;

/** Kinds of change that are not tried, with the reason; printed with the result. @type {Record<string, string>} */
const EXCLUDED = {};

/** Of Stryker's kinds. */
const OTHER_THAN_EMPTYING = [
  'ArithmeticOperator',
  'ArrayDeclaration',
  'AssignmentOperator',
  'BooleanLiteral',
  'ConditionalExpression',
  'EqualityOperator',
  'LogicalOperator',
  'MethodExpression',
  'ObjectLiteral',
  'OptionalChaining',
  'Regex',
  'StringLiteral',
  'UnaryOperator',
  'UpdateOperator',
];

/** @typedef {Awaited<ReturnType<Stryker['runMutationTest']>>[number]} Mutant */

installDependencies();
const { values, positionals: wanted } = parseArgs({
  options: {
    // One for each core that CI has.
    workers: { type: 'string', default: '2' },
    // Only empties functions and blocks, and asks every test that reaches one.
    emptied: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});
const started = performance.now();
const mutants = await new Stryker({
  mutate: wanted.length > 0 ? wanted : SUBJECTS,
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'vitest.quality.config.ts' },
  coverageAnalysis: 'perTest',
  disableBail: values.emptied,
  mutator: { excludedMutations: [...Object.keys(EXCLUDED), ...(values.emptied ? OTHER_THAN_EMPTYING : [])] },
  concurrency: Number(values.workers),
  // TypeScript 7 cannot be asked to rewrite its settings, and nobody needs them here.
  ignorePatterns: ['tsconfig.json', 'dist', 'coverage', 'docs', 'test/e2e', 'test/cli', 'test/conformance'],
  reporters: ['progress-append-only'],
  warnings: false,
  tempDirName: '.stryker-tmp',
}).runMutationTest();

const tried = mutants.filter(({ status }) => status !== 'Ignored');
const noticed = tried.filter(isNoticed);
const reaching = new Set(mutants.flatMap(({ coveredBy = [] }) => coveredBy));
const idle = values.emptied ? idleTests() : [];
list(
  'SURVIVED',
  tried
    .filter((mutant) => !isNoticed(mutant))
    .map(describe)
    .sort(),
);
list(
  'EXCLUDED',
  Object.entries(EXCLUDED).map(([kind, reason]) => `${kind}: ${reason}`),
);
if (values.emptied) list(`OF ${reaching.size} TESTS, PASS WHATEVER IS EMPTIED OF WHAT THEY REACH`, idle);
console.log();
console.log(row('folder', 'mutants', 'killed', 'timed out', 'survived', 'not reached', '%'));
for (const folder of [...new Set(tried.map(folderOf))].sort())
  console.log(
    count(
      folder,
      tried.filter((mutant) => folderOf(mutant) === folder),
    ),
  );
console.log(count('all', tried));
const emptied = tried.filter(isEmptied);
console.log(
  `\n${emptied.filter(isNoticed).length} of ${emptied.length} emptied functions and blocks were noticed`,
);
console.log(
  `${mutants.length - tried.length} mutants not tried, ${Math.round((performance.now() - started) / 1000)} s`,
);
const enough = tried.length > 0 && share(noticed, tried) >= THRESHOLD;
if (!enough) console.log(`FAILED: fewer than ${THRESHOLD} % of the mutants were noticed`);
if (idle.length > 0) console.log('FAILED: there are tests that pass whatever is emptied');
process.exit(enough && idle.length === 0 ? 0 : 1);

/** A test that never ends has noticed something too. @param {Mutant} mutant */
function isNoticed({ status }) {
  return status === 'Killed' || status === 'Timeout' || status === 'RuntimeError';
}

/** @param {Mutant} mutant */
function isEmptied({ mutatorName }) {
  return mutatorName === 'BlockStatement' || mutatorName === 'ArrowFunction';
}

/** Tests that are run for at least one mutant, and fail for none. */
function idleTests() {
  const killers = new Set(mutants.flatMap(({ killedBy = [] }) => killedBy));
  return [...reaching].filter((test) => !killers.has(test)).sort();
}

/** @param {Mutant} mutant */
function describe({ fileName, location: { start, end }, mutatorName, replacement = '', status }) {
  // Lines and columns count from 1.
  const lines = readFileSync(fileName, 'utf8')
    .split('\n')
    .slice(start.line - 1, end.line);
  lines.push((lines.pop() ?? '').slice(0, end.column - 1));
  const original = [(lines.shift() ?? '').slice(start.column - 1), ...lines].join('\n');
  const place = `${relative(root, fileName)}:${start.line}:${start.column}`;
  const reached = status === 'NoCoverage' ? ', not reached' : '';
  return `${place} ${mutatorName}${reached}: ${short(original)} → ${short(replacement)}`;
}

/** @param {string} code */
function short(code) {
  const line = code.replace(/\s+/g, ' ');
  return line.length > 70 ? `${line.slice(0, 70)}…` : line;
}

/** @param {Mutant} mutant */
function folderOf({ fileName }) {
  return relative(root, fileName).split('/').slice(0, 2).join('/');
}

/** @param {string} name @param {Mutant[]} some */
function count(name, some) {
  const by = (/** @type {string} */ status) => some.filter((mutant) => mutant.status === status).length;
  return row(
    name,
    some.length,
    by('Killed') + by('RuntimeError'),
    by('Timeout'),
    by('Survived'),
    by('NoCoverage'),
    share(some.filter(isNoticed), some).toFixed(1),
  );
}

/** Percent. @param {Mutant[]} part @param {Mutant[]} whole */
function share(part, whole) {
  return (100 * part.length) / whole.length;
}

/** @param {(string | number)[]} cells */
function row(...cells) {
  return cells.map((cell, i) => (i === 0 ? String(cell).padEnd(22) : String(cell).padStart(13))).join('');
}

/** @param {string} title @param {string[]} lines */
function list(title, lines) {
  console.log(`\n${title}: ${lines.length}`);
  for (const line of lines) console.log(`  ${line}`);
}
