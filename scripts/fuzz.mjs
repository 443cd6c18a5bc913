// npm run fuzz: ten million inputs for everything that reads what others wrote (docs/reliability.md).
import { parseArgs } from 'node:util';
import { fuzzTarget, makeCopy, targetNames } from './fuzz/campaign.mjs';
import { installDependencies } from './install.mjs';

/** One for each core that CI has. */
const AT_ONCE = 2;

installDependencies();
const { values } = parseArgs({
  options: {
    inputs: { type: 'string', default: '10000000' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 2 ** 32)) },
    target: { type: 'string', multiple: true, default: targetNames() },
  },
});
const seed = Number(values.seed);
const each = Math.ceil(Number(values.inputs) / values.target.length);
if (!Number.isSafeInteger(seed) || !(each > 0)) {
  console.error('npm run fuzz -- [--inputs NUMBER] [--seed NUMBER] [--target NAME]...');
  process.exit(2);
}

console.log(`seed ${seed}, ${each} inputs for each of ${values.target.length} targets`);
console.log(row('target', 'inputs', 'corpus', 'blocks covered', 'inputs/s'));
const started = performance.now();
const copy = makeCopy();
const waiting = [...values.target];
/** @type {import('./fuzz/campaign.mjs').Outcome[]} */
const outcomes = [];
await Promise.all(Array.from({ length: AT_ONCE }, work));
copy.remove();

const sum = (/** @type {'inputs' | 'corpus'} */ key) =>
  outcomes.reduce((total, outcome) => total + outcome[key], 0);
const together = (/** @type {'covered' | 'blocks'} */ key) =>
  new Set(outcomes.flatMap((outcome) => outcome[key])).size;
const seconds = (performance.now() - started) / 1000;
console.log(
  row(
    'all',
    sum('inputs'),
    sum('corpus'),
    `${together('covered')} of ${together('blocks')}`,
    Math.round(sum('inputs') / seconds),
  ),
);
const failures = outcomes.flatMap(({ target, failure }) => (failure ? [{ target, ...failure }] : []));
for (const { target, input, error } of failures)
  console.log(`\nFAILED ${target}: ${error}\n  with ${quote(input)}\n  put that into its seeds`);
process.exit(failures.length === 0 ? 0 : 1);

async function work() {
  for (let target = waiting.shift(); target; target = waiting.shift()) {
    const outcome = await fuzzTarget(copy, target, { seed, inputs: each });
    const { inputs, corpus, covered, blocks, seconds } = outcome;
    outcomes.push(outcome);
    console.log(
      row(target, inputs, corpus, `${covered.length} of ${blocks.length}`, Math.round(inputs / seconds)),
    );
  }
}

/** @param {(string | number)[]} cells */
function row(...cells) {
  return cells.map((cell, i) => (i === 0 ? String(cell).padEnd(18) : String(cell).padStart(15))).join('');
}

/** Nothing invisible, and fit for TypeScript. @param {string} text */
function quote(text) {
  return JSON.stringify(text).replace(
    /[^ -~]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
