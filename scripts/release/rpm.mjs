// The RPM package, by rpmbuild from a spec file that only lists what is there already.
import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { PRODUCT } from './product.mjs';
import { succeed, writeTo } from './tools.mjs';
import { makeTree } from './tree.mjs';

/** Same bytes on any machine, and nothing done to the files: stripped, the executable would be broken. */
const MACROS = [
  '%global debug_package %{nil}',
  '%global __os_install_post %{nil}',
  '%global _build_id_links none',
  '%global use_source_date_epoch_as_buildtime 1',
  '%global clamp_mtime_to_source_date_epoch 1',
  '%global _buildhost reproducible',
];

/**
 * @param {string} out the folder that gets it
 * @param {string} architecture RPM's name
 * @param {Parameters<typeof makeTree>[2] & { flavour: 'bun' | 'node' }} contents
 * @param {number} seconds the time of all entries
 * @param {boolean} quick packs less tightly
 */
export function makeRpm(out, architecture, contents, seconds, quick) {
  const { name, version } = PRODUCT;
  const file = join(out, `${name}-${version}-1.${architecture}.rpm`);
  const folder = `${file}.contents`;
  const tree = join(folder, 'tree');
  const paths = makeTree(tree, 'rpm', contents);
  const spec = join(folder, `${name}.spec`);
  writeTo(spec, specOf(contents.flavour, paths, quick));
  mkdirSync(join(folder, 'rpms'));
  const defines = {
    _topdir: folder,
    _rpmdir: join(folder, 'rpms'),
    // Where the notes about installed packages are: none of this machine's.
    _dbpath: join(folder, 'db'),
    tree,
  };
  const options = Object.entries(defines).flatMap(([key, value]) => ['--define', `${key} ${value}`]);
  succeed('rpmbuild', ['-bb', '--quiet', '--target', `${architecture}-linux`, ...options, spec], {
    env: { SOURCE_DATE_EPOCH: String(seconds) },
  });
  copyFileSync(join(folder, 'rpms', architecture, `${name}-${version}-1.${architecture}.rpm`), file);
  rmSync(folder, { recursive: true });
}

/** @param {'bun' | 'node'} flavour @param {readonly string[]} paths @param {boolean} quick */
function specOf(flavour, paths, quick) {
  const { name, version, summary, description, license, homepage, node, glibc } = PRODUCT;
  const needs =
    flavour === 'node'
      ? [`Requires: nodejs(engine) >= ${node}`]
      : // It works without, and keeps secrets in a sealed file then.
        [`Requires: libc.so.6(GLIBC_${glibc})(64bit)`, 'Recommends: libsecret'];
  return [
    ...MACROS,
    `%global _binary_payload ${quick ? 'w1.gzdio' : 'w2.xzdio'}`,
    `Name: ${name}`,
    `Version: ${version}`,
    'Release: 1',
    `Summary: ${summary}`,
    `License: ${license}`,
    `URL: ${homepage}`,
    // What is found by looking into the files would differ from machine to machine.
    'AutoReqProv: no',
    ...needs,
    '%description',
    ...description,
    '%install',
    'cp -a %{tree}/. %{buildroot}/',
    '%files',
    ...paths.map((path) => (path.includes('/licenses/') ? `%license /${path}` : `/${path}`)),
    '',
  ].join('\n');
}
