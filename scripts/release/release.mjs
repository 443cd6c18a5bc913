// One release: the programs first, then what holds them, then what tells of all that was made.
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildExecutable } from '../build.mjs';
import { buildNodeFile } from '../build-node.mjs';
import { root } from '../install.mjs';
import { archiveName, makeArchive } from './archives.mjs';
import { sourceDate } from './commit.mjs';
import { bundledPackages, directDependencies, distinct, lockedPackage } from './components.mjs';
import { makeDeb } from './deb.mjs';
import { formula } from './homebrew.mjs';
import { licenceText } from './licences.mjs';
import { changelog, releaseNotes } from './notes.mjs';
import { makeNpmPackage } from './npm.mjs';
import { isWindows, NODE_PLATFORMS, PLATFORMS } from './platforms.mjs';
import { PRODUCT } from './product.mjs';
import { missingPrograms } from './programs.mjs';
import { provenance } from './provenance.mjs';
import { hindrances } from './readiness.mjs';
import { makeRpm } from './rpm.mjs';
import { billOfMaterials } from './sbom.mjs';
import { scoopManifest } from './scoop.mjs';
import { installToolchain, isOwn, runtimeOf, folder as toolchain } from './toolchain.mjs';
import { sha256, succeed, writeTo } from './tools.mjs';

const { name, version } = PRODUCT;

/**
 * @param {object} options
 * @param {string} options.out the folder; what was in it goes
 * @param {readonly string[]} [options.only] names of platforms; all without it
 * @param {boolean} options.quick packs packages less tightly
 * @returns {Record<string, string>} SHA-256 of each file
 */
export function release({ out, only, quick }) {
  const chosen = choose(PLATFORMS, only);
  const chosenNode = choose(NODE_PLATFORMS, only);
  const known = [...chosen, ...chosenNode].map((platform) => platform.name);
  for (const unknown of only?.filter((one) => !known.includes(one)) ?? [])
    throw new Error(`no such platform: ${unknown}`);
  // A run that has a place of its own on a server is one that publishes.
  if (process.env['ICR_RELEASE_RUN']) refuse('not to be published', hindrances(PRODUCT, changelog()));
  refuse('missing, see docs/release.md', missingPrograms());
  const seconds = sourceDate();
  // The folders that packages bring have the modes of those that are made here.
  process.umask(0o022);
  rmSync(out, { recursive: true, force: true });
  const work = join(out, 'work');
  mkdirSync(work, { recursive: true });
  if (!chosen.every(isOwn)) installToolchain();

  const page = join(work, `${name}.1`);
  succeed(process.execPath, ['scripts/man-page.mjs', page]);
  const node = makeNode(work, page);
  const bundled = chosen.map((platform) => {
    const made = makeExecutable(work, platform, page);
    makeArchive(join(out, archiveName(platform)), made, seconds);
    const packaged = { ...made, runnable: node.program, flavour: /** @type {const} */ ('bun') };
    if (platform.deb) makeDeb(out, platform.deb, packaged, seconds, quick);
    if (platform.rpm) makeRpm(out, platform.rpm, packaged, seconds, quick);
    return made.packages;
  });
  makeArchive(join(out, archiveName({ name: 'node' })), node, seconds);
  const program = forDistribution(node.program);
  for (const platform of chosenNode) {
    const packaged = { ...node, program, runnable: node.program, flavour: /** @type {const} */ ('node') };
    makeDeb(out, platform.deb, packaged, seconds, quick);
    makeRpm(out, platform.rpm, packaged, seconds, quick);
  }
  makeNpmPackage(out, join(work, 'npm'));
  rmSync(work, { recursive: true });

  const runtimes = chosen.map(({ runtime }) => lockedPackage(runtime, toolchain));
  const keychain = lockedPackage('@napi-rs/keyring');
  const inside = {
    executable: bundled[0] ?? [],
    node: node.packages,
    runtimes,
    // Native: a package for each platform, which are optional dependencies.
    fetched: [keychain, ...keychain.dependencies.map((dependency) => lockedPackage(dependency))],
  };
  const bill = billOfMaterials(inside, directDependencies(), seconds);
  writeTo(join(out, `${name}-${version}.cdx.json`), bill);
  if (only === undefined) {
    writeTo(join(out, `${name}.rb`), formula(hashesOf(out)));
    writeTo(join(out, `${name}.json`), scoopManifest(hashesOf(out)));
  }
  copyFileSync(join(root, 'install.sh'), join(out, 'install.sh'));
  // What npm fetches when it installs the package is not among them: no build reads it.
  const materials = distinct([lockedPackage('bun'), ...runtimes, ...bundled.flat(), ...node.packages]);
  const hashes = hashesOf(out);
  const statement = provenance({ hashes, materials, platforms: known, quick, seconds });
  writeTo(join(out, `${name}-${version}.intoto.json`), statement);
  const sums = sumsOf(hashesOf(out));
  writeTo(join(out, 'SHA256SUMS'), sums);
  writeTo(join(out, 'RELEASE-NOTES.md'), releaseNotes(sums));
  return hashesOf(out);
}

/** @param {string} why @param {readonly string[]} things none is fine */
function refuse(why, things) {
  if (things.length > 0) throw new Error(`${why}: ${things.join('; ')}`);
}

/**
 * @template {{ name: string }} T
 * @param {readonly T[]} platforms
 * @param {readonly string[] | undefined} only
 */
function choose(platforms, only) {
  return platforms.filter((platform) => only?.includes(platform.name) ?? true);
}

/** @param {string} work @param {import('./platforms.mjs').Platform} platform @param {string} page */
function makeExecutable(work, platform, page) {
  const folder = join(work, platform.name);
  const metafile = join(folder, 'metafile.json');
  // The name of the file is in the executable, the folder is not.
  const program = join(folder, isWindows(platform) ? `${name}.exe` : name);
  mkdirSync(folder);
  buildExecutable(program, { target: platform.target, runtime: runtimeOf(platform), metafile });
  const packages = bundledPackages(metafile);
  const licence = join(folder, 'LICENSE');
  writeTo(licence, licenceText(packages, lockedPackage(platform.runtime, toolchain)));
  return { program, page, licence, packages };
}

/** @param {string} work @param {string} page */
function makeNode(work, page) {
  const folder = join(work, 'node');
  const metafile = join(folder, 'metafile.json');
  const program = join(folder, name);
  buildNodeFile(program, metafile);
  const packages = bundledPackages(metafile);
  const licence = join(folder, 'LICENSE');
  writeTo(licence, licenceText(packages, null));
  return { program, page, licence, packages };
}

/**
 * A distribution's package runs by the distribution's Node, whatever PATH says.
 * @param {string} script
 */
function forDistribution(script) {
  const file = `${script}.packaged`;
  writeTo(file, readFileSync(script, 'utf8').replace(/^#!.*/, '#!/usr/bin/node'), 0o755);
  return file;
}

/** @param {string} out @returns {Record<string, string>} */
function hashesOf(out) {
  const files = readdirSync(out).sort();
  return Object.fromEntries(files.map((file) => [file, sha256(join(out, file))]));
}

/** @param {Record<string, string>} hashes */
function sumsOf(hashes) {
  return Object.entries(hashes)
    .map(([file, hash]) => `${hash}  ${file}\n`)
    .join('');
}
