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
  // A choice, one of which is above.
  ...['(MIT OR WTFPL)', '(BSD-2-Clause OR MIT OR Apache-2.0)'],
  // Data about browsers below the mutation tests' parser.
  'CC-BY-4.0',
];

const NETWORK_MS = 30_000;

/**
 * @typedef {{ version: string, license?: string, integrity?: string, dev?: boolean, hasInstallScript?: boolean, dependencies?: Record<string, string>, optionalDependencies?: Record<string, string> }} Locked
 */

const { manifest, packages } = readLock('.');
/** What only npm run release needs. */
const release = readLock('scripts/release');
const direct = { ...manifest.dependencies, ...manifest.devDependencies };
const installed = installedIn(packages);

const shipped = withDependencies(documented('Shipped'));
console.log(
  `${installed.length} packages in the lock file: ${shipped.size} that may be shipped, ${installed.length - shipped.size} for development`,
);
for (const [licence, count] of countLicences()) console.log(`  ${String(count).padStart(4)}  ${licence}`);
const scripts = installed
  .filter(([, { hasInstallScript }]) => hasInstallScript)
  .map(([path]) => nameOf(path));
console.log(`with install scripts: ${scripts.join(', ') || 'none'}`);

const problems = [
  ...lockProblems({ manifest, packages }),
  ...lockProblems(release),
  ...differences('install scripts', scripts, Object.keys(manifest.allowScripts ?? {})),
  ...differences('docs/dependencies.md', Object.keys(direct), documented('Shipped', 'For development')),
  ...differences(
    'docs/dependencies.md',
    Object.keys(release.manifest.dependencies),
    documented('For a release'),
  ),
  ...(await knownVulnerabilities('.')),
  ...(await knownVulnerabilities('scripts/release')),
];
for (const problem of problems) console.error(`problem: ${problem}`);
console.log(problems.length === 0 ? 'nothing found' : `${problems.length} problems`);
process.exit(problems.length === 0 ? 0 : 1);

/**
 * @param {string} folder
 * @returns {{ manifest: { dependencies: Record<string, string>, devDependencies?: Record<string, string>, allowScripts?: object }, packages: Record<string, Locked> }}
 */
function readLock(folder) {
  const read = (/** @type {string} */ name) => JSON.parse(readFileSync(join(root, folder, name), 'utf8'));
  return { manifest: read('package.json'), packages: read('package-lock.json').packages };
}

/** @param {Record<string, Locked>} packages */
function installedIn(packages) {
  return Object.entries(packages).filter(([path]) => path !== '');
}

/** @param {string} path */
function nameOf(path) {
  return path.slice(path.lastIndexOf('node_modules/') + 13);
}

/** Pins, hashes and licences. @param {ReturnType<typeof readLock>} lock */
function lockProblems({ manifest, packages }) {
  const direct = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
  const installed = installedIn(packages);
  return [
    ...direct
      .filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))
      .map(([name, version]) => `${name} is not pinned: ${version}`),
    ...direct
      .filter(([name, version]) => packages[`node_modules/${name}`]?.version !== version)
      .map(([name]) => `the lock file has another ${name}`),
    ...installed.filter(([, { integrity }]) => !integrity).map(([path]) => `${path} has no integrity`),
    ...installed
      .filter(([, { license = 'none' }]) => !LICENCES.includes(license))
      .map(([path, { license = 'none' }]) => `${path} has the licence ${license}`),
  ];
}

/** With all that they bring along, by the lock file. @param {readonly string[]} names */
function withDependencies(names) {
  const found = new Set();
  const add = (/** @type {string} */ name) => {
    const locked = packages[`node_modules/${name}`];
    if (!locked || found.has(name)) return;
    found.add(name);
    for (const next of Object.keys({ ...locked.dependencies, ...locked.optionalDependencies })) add(next);
  };
  for (const name of names) add(name);
  return found;
}

/** @returns {[licence: string, count: number][]} the most frequent first */
function countLicences() {
  const counts = new Map();
  for (const [, { license = 'none' }] of installed) counts.set(license, (counts.get(license) ?? 0) + 1);
  return [...counts].sort(([, one], [, other]) => other - one);
}

/** Packages that these sections of the page give a row. @param {readonly string[]} headings */
function documented(...headings) {
  const sections = readFileSync(join(root, 'docs/dependencies.md'), 'utf8').split(/^## /m);
  const chosen = sections.filter((section) => headings.includes(section.split('\n')[0] ?? ''));
  return chosen.flatMap((text) => [...text.matchAll(/^\| `([^`]+)` \|/gm)].map(([, name = '']) => name));
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

/** By the registry's own list. @param {string} folder the one of the lock file */
async function knownVulnerabilities(folder) {
  const heading = `known vulnerabilities, ${join(folder, 'package-lock.json')}`;
  const { stdout, reason } = await npmAudit(folder);
  try {
    const { vulnerabilities, message } = JSON.parse(stdout);
    if (typeof vulnerabilities === 'object') {
      /** @type {[string, { severity: string }][]} */
      const found = Object.entries(vulnerabilities);
      console.log(`${heading}: ${found.length}`);
      return found.map(
        ([name, { severity }]) =>
          `${name} has a known vulnerability (${severity}): see npm audit in ${folder}`,
      );
    }
    console.log(`${heading}: NOT CHECKED, the registry gives no answer (${message ?? reason})`);
  } catch {
    console.log(`${heading}: NOT CHECKED, npm gives no answer (${reason})`);
  }
  return [];
}

/** @param {string} folder @returns {Promise<{ stdout: string, reason: string }>} */
function npmAudit(folder) {
  const options = { cwd: join(root, folder), timeout: NETWORK_MS, shell: process.platform === 'win32' };
  return new Promise((resolve) => {
    // It ends with 1 where it has found something, too.
    execFile('npm', ['audit', '--json', '--fetch-retries=0'], options, (error, stdout) =>
      resolve({ stdout, reason: String(error?.message ?? 'no reason').split('\n')[0] ?? '' }),
    );
  });
}
