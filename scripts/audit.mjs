// npm run audit: what we depend on, from the lock file, and what is known against it. Without a
// network the last is left out, in so many words; everything else needs none.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './install.mjs';

/** Licences that ask for no more than a notice, and MPL-2.0, which is about its own files. */
const LICENCES = [
  ...['MIT', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', 'MIT OR Apache-2.0'],
  ...['CC0-1.0', 'MPL-2.0', 'BlueOak-1.0.0'],
  // Data about browsers below the mutation tests' parser.
  'CC-BY-4.0',
];

const NETWORK_MS = 30_000;

/**
 * @typedef {{ version: string, license?: string, integrity?: string, dev?: boolean, hasInstallScript?: boolean, dependencies?: Record<string, string> }} Locked
 */

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
/** @type {Record<string, Locked>} */
const packages = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
const direct = { ...manifest.dependencies, ...manifest.devDependencies };
const installed = Object.entries(packages).filter(([path]) => path !== '');
const nameOf = (/** @type {string} */ path) => path.slice(path.lastIndexOf('node_modules/') + 13);

const shipped = installed.filter(([, { dev }]) => !dev);
console.log(
  `${installed.length} packages in the lock file: ${shipped.length} that may be shipped, ${installed.length - shipped.length} for development`,
);
for (const [licence, count] of countLicences()) console.log(`  ${String(count).padStart(4)}  ${licence}`);
const scripts = installed
  .filter(([, { hasInstallScript }]) => hasInstallScript)
  .map(([path]) => nameOf(path));
console.log(`with install scripts: ${scripts.join(', ') || 'none'}`);

const problems = [
  ...Object.entries(direct)
    .filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))
    .map(([name, version]) => `${name} is not pinned: ${version}`),
  ...Object.entries(direct)
    .filter(([name, version]) => packages[`node_modules/${name}`]?.version !== version)
    .map(([name]) => `the lock file has another ${name}`),
  ...installed.filter(([, { integrity }]) => !integrity).map(([path]) => `${path} has no integrity`),
  ...installed
    .filter(([, { license = 'none' }]) => !LICENCES.includes(license))
    .map(([path, { license = 'none' }]) => `${path} has the licence ${license}`),
  ...differences('install scripts', scripts, Object.keys(manifest.allowScripts ?? {})),
  ...differences('docs/dependencies.md', Object.keys(direct), documented()),
  ...(await knownVulnerabilities()),
];
for (const problem of problems) console.error(`problem: ${problem}`);
console.log(problems.length === 0 ? 'nothing found' : `${problems.length} problems`);
process.exit(problems.length === 0 ? 0 : 1);

/** @returns {[licence: string, count: number][]} the most frequent first */
function countLicences() {
  const counts = new Map();
  for (const [, { license = 'none' }] of installed) counts.set(license, (counts.get(license) ?? 0) + 1);
  return [...counts].sort(([, one], [, other]) => other - one);
}

/** Packages that the page gives a row. */
function documented() {
  const page = readFileSync(join(root, 'docs/dependencies.md'), 'utf8');
  return [...page.matchAll(/^\| `([^`]+)` \|/gm)].map(([, name = '']) => name);
}

/**
 * @param {string} where
 * @param {string[]} are
 * @param {string[]} named
 */
function differences(where, are, named) {
  return [
    ...are.filter((name) => !named.includes(name)).map((name) => `${where}: ${name} is not named`),
    ...named
      .filter((name) => !are.includes(name))
      .map((name) => `${where}: ${name} is named, but is not there`),
  ];
}

/** By the registry's own list. */
async function knownVulnerabilities() {
  const report = await askRegistry();
  if (!report) return [];
  /** @type {[string, { severity: string }][]} */
  const found = Object.entries(report.vulnerabilities);
  console.log(`known vulnerabilities: ${found.length}`);
  return found.map(
    ([name, { severity }]) => `${name} has a known vulnerability (${severity}): see npm audit`,
  );
}

/** @returns {Promise<{ vulnerabilities: Record<string, { severity: string }> } | null>} */
async function askRegistry() {
  const { stdout, reason } = await npmAudit();
  try {
    const report = JSON.parse(stdout);
    if (typeof report.vulnerabilities === 'object') return report;
    console.log(
      `known vulnerabilities: NOT CHECKED, the registry gives no answer (${report.message ?? reason})`,
    );
  } catch {
    console.log(`known vulnerabilities: NOT CHECKED, npm gives no answer (${reason})`);
  }
  return null;
}

/** @returns {Promise<{ stdout: string, reason: string }>} */
function npmAudit() {
  const options = { cwd: root, timeout: NETWORK_MS, shell: process.platform === 'win32' };
  return new Promise((resolve) => {
    // It ends with 1 where it has found something, too.
    execFile('npm', ['audit', '--json', '--fetch-retries=0'], options, (error, stdout) =>
      resolve({ stdout, reason: String(error?.message ?? 'no reason').split('\n')[0] ?? '' }),
    );
  });
}
