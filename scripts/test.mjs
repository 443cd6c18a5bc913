// npm test: installs what it needs, builds, checks, and runs every suite. The last line is
// "N passed, N failed", from the runner's own result.
import { spawnSync } from 'node:child_process';
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
const suites = [vitest(['unit', 'contract', 'conformance', 'cli', 'fuzz'])];
if (missing === null) suites.push(vitest(['e2e'], ['scripts/namespace.sh']));
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

/**
 * @param {string[]} projects
 * @param {string[]} wrapper what starts the runner, if not we
 */
function vitest(projects, wrapper = []) {
  const file = join(results, `${projects[0]}.json`);
  const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const command = [...wrapper, bin('vitest'), ...args, ...projects.flatMap((name) => ['--project', name])];
  const { status } = spawnSync(command[0] ?? '', command.slice(1), {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
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
