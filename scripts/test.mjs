// npm test: installs what it needs, builds, checks, and runs every suite. The last line is
// "N passed, N failed", from the runner's own result.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { preparePackages } from './debian-packages.mjs';
import { installDependencies, root, run } from './install.mjs';
import { prepareKubernetesTools } from './kubernetes-tools.mjs';
import { missingForTests } from './release/programs.mjs';

const results = join(root, '.test-results');
const bin = (/** @type {string} */ name) => join(root, 'node_modules/.bin', name);

installDependencies();
run(process.execPath, ['scripts/build.mjs']);
run(bin('biome'), ['check', '.']);
run(bin('tsc'), ['--noEmit']);
run(process.execPath, ['scripts/check-imports.mjs']);

rmSync(results, { recursive: true, force: true });
mkdirSync(results);
const missing = preparePackages() ?? prepareKubernetesTools();
const forRelease = missingForTests();
const suites = [await vitest('most', ['unit', 'contract', 'conformance', 'cli', 'fuzz'])];
// Two halves at a time, each with a network of its own.
const halves = missing === null ? ['1/2', '2/2'] : [];
suites.push(...(await Promise.all(halves.map(endToEnd))));
const leftOut = [
  ...(missing === null ? [] : [`the end-to-end suites. ${missing}`]),
  ...(forRelease.length === 0 ? [] : [`what builds a release. Missing: ${forRelease.join(', ')}.`]),
];
for (const what of leftOut) console.error(`\nLEFT OUT: ${what}\n`);

const passed = sum('numPassedTests');
const failed = sum('numFailedTests');
const skipped = sum('numPendingTests') + sum('numTodoTests');
const broken =
  suites.some(({ status }) => status !== 0) || (leftOut.length > 0 && process.env['CI'] === 'true');
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exit(broken || failed > 0 || passed === 0 ? 1 : 0);

/** @param {string} half */
function endToEnd(half) {
  return vitest(`e2e-${half[0]}`, ['e2e'], ['scripts/namespace.sh'], [`--shard=${half}`]);
}

/**
 * @param {string} name of the file for the result
 * @param {readonly string[]} projects
 * @param {readonly string[]} wrapper what starts the runner, if not we
 * @param {readonly string[]} options
 */
async function vitest(name, projects, wrapper = [], options = []) {
  const file = join(results, `${name}.json`);
  const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`, ...options];
  const command = [...wrapper, bin('vitest'), ...args, ...projects.flatMap((it) => ['--project', it])];
  const runner = spawn(command[0] ?? '', command.slice(1), {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [status] = await once(runner, 'close');
  return { status, result: readResult(file) };
}

/** @param {string} file */
function readResult(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return {};
  }
}

/** @param {string} count */
function sum(count) {
  return suites.reduce((total, { result }) => total + (result[count] ?? 0), 0);
}
