// npm run mutation: changes the code that mutation/subjects.mjs names in every small way that Stryker knows,
// and looks whether a test fails (docs/reliability.md, "Test quality").
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { Stryker } from '@stryker-mutator/core';
import { installDependencies, root } from './install.mjs';
import { SUBJECTS } from './mutation/subjects.mjs';

/** Percent of the mutants that have to be noticed. */
const THRESHOLD = 85;
/** One for each core that CI has. */
const AT_ONCE = 2;

/** Kinds of change that are not tried, with the reason; printed with the result. @type {Record<string, string>} */
const EXCLUDED = {};

/** @typedef {Awaited<ReturnType<Stryker['runMutationTest']>>[number]} Mutant */

installDependencies();
const wanted = process.argv.slice(2);
const started = performance.now();
const mutants = await new Stryker({
  mutate: wanted.length > 0 ? wanted : SUBJECTS,
  testRunner: 'vitest',
  plugins: ['@stryker-mutator/vitest-runner'],
  vitest: { configFile: 'vitest.quality.config.ts' },
  coverageAnalysis: 'perTest',
  // Every test is asked about every change that it reaches: one that never fails is worth nothing.
  disableBail: true,
  mutator: { excludedMutations: Object.keys(EXCLUDED) },
  concurrency: AT_ONCE,
  // TypeScript 7 cannot be asked to rewrite its settings, and nobody needs them here.
  ignorePatterns: ['tsconfig.json', 'dist', 'coverage', 'docs', 'test/e2e', 'test/cli', 'test/conformance'],
  reporters: ['progress-append-only'],
  warnings: { slow: false },
  logLevel: 'warn',
  tempDirName: '.stryker-tmp',
}).runMutationTest();

const tried = mutants.filter(({ status }) => status !== 'Ignored');
const noticed = tried.filter(isNoticed);
const idle = idleTests();
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
list('TESTS THAT NO CHANGE OF WHAT THEY REACH MAKES FAIL', idle);
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
console.log(`\n${emptied.filter(isNoticed).length} of ${emptied.length} emptied blocks were noticed`);
console.log(`${idle.length} tests fail for no change of what they reach`);
console.log(
  `${mutants.length - tried.length} mutants excluded, ${Math.round((performance.now() - started) / 1000)} s`,
);
const isGood = tried.length > 0 && share(noticed, tried) >= THRESHOLD;
if (!isGood) console.log(`FAILED: fewer than ${THRESHOLD} % of the mutants were noticed`);
process.exit(isGood ? 0 : 1);

/** A test that never ends has noticed something too. @param {Mutant} mutant */
function isNoticed({ status }) {
  return status === 'Killed' || status === 'Timeout' || status === 'RuntimeError';
}

/** @param {Mutant} mutant */
function isEmptied({ mutatorName }) {
  return mutatorName === 'BlockStatement';
}

/** Tests that are run for at least one mutant, and fail for none. */
function idleTests() {
  const killers = new Set(mutants.flatMap(({ killedBy = [] }) => killedBy));
  const reaching = new Set(mutants.flatMap(({ coveredBy = [] }) => coveredBy));
  return [...reaching].filter((test) => !killers.has(test)).sort();
}

/** @param {Mutant} mutant */
function describe({ fileName, location: { start, end }, mutatorName, replacement = '', status }) {
  const lines = readFileSync(fileName, 'utf8')
    .split('\n')
    .slice(start.line, end.line + 1);
  lines.push((lines.pop() ?? '').slice(0, end.column));
  const original = [(lines.shift() ?? '').slice(start.column), ...lines].join('\n');
  const place = `${relative(root, fileName)}:${start.line + 1}:${start.column + 1}`;
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
