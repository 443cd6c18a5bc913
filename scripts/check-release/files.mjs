// Each file is what the lists say, and each archive holds exactly what it should, for its platform.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isWindows, PLATFORMS } from '../release/platforms.mjs';
import { PRODUCT } from '../release/product.mjs';
import { sha256, succeed } from '../release/tools.mjs';
import { formatOf } from './formats.mjs';
import { unpack } from './unpack.mjs';

const KINDS = { linux: 'ELF', macos: 'Mach-O', windows: 'PE' };
/** macOS starts nothing on arm64 without one. Bun's own identity, in its runtimes, is not ours. */
const SIGNATURES = { linux: 'none', macos: 'ad hoc', windows: 'none' };
/** Not in their own lists. */
const UNLISTED = ['SHA256SUMS', 'RELEASE-NOTES.md'];

/** @param {string} release @param {string} work */
export function files(release, work) {
  succeed('sha256sum', ['--check', '--strict', '--quiet', 'SHA256SUMS'], { cwd: release });
  const listed = readFileSync(join(release, 'SHA256SUMS'), 'utf8')
    .split('\n')
    .flatMap((line) => line.split('  ')[1] ?? []);
  const there = readdirSync(release).filter((name) => !UNLISTED.includes(name));
  return [
    ...there.filter((name) => !listed.includes(name)).map((name) => `${name} is not in SHA256SUMS`),
    ...provenanceProblems(release),
    ...PLATFORMS.flatMap((platform) => programProblems(platform, unpack(release, work, platform))),
  ];
}

/** @param {string} release */
function provenanceProblems(release) {
  const { name, version } = PRODUCT;
  const statement = JSON.parse(readFileSync(join(release, `${name}-${version}.intoto.json`), 'utf8'));
  return statement.subject
    .filter((/** @type {any} */ { name, digest }) => sha256(join(release, name)) !== digest.sha256)
    .map((/** @type {any} */ { name }) => `the provenance names another ${name}`);
}

/** @param {import('../release/platforms.mjs').Platform} platform @param {string} program */
function programProblems(platform, program) {
  const { name } = platform;
  const { kind, cpu, signature } = formatOf(program);
  const names = [
    `${PRODUCT.name}${isWindows(platform) ? '.exe' : ''}`,
    `${PRODUCT.name}.1`,
    'LICENSE',
  ].sort();
  const [system = '', wanted] = name.split('-');
  const text = readFileSync(program, 'latin1');
  return [
    ...(readdirSync(dirname(program)).sort().join() === names.join() ? [] : [`${name} holds other files`]),
    ...(kind === KINDS[/** @type {keyof typeof KINDS} */ (system)] && cpu === wanted
      ? []
      : [`${name} is ${kind} for ${cpu}`]),
    ...(signature === SIGNATURES[/** @type {keyof typeof SIGNATURES} */ (system)]
      ? []
      : [`${name} has a signature: ${signature}`]),
    // Of the flags only this one can be seen; the others show when it runs.
    ...(text.includes('--use-system-ca') ? [] : [`${name} does not take the system's authorities`]),
    ...(text.includes(process.cwd()) ? [`${name} names the folder that it was built in`] : []),
  ];
}
