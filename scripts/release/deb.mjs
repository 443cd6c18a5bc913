// The Debian package, by dpkg-deb.
import { createHash } from 'node:crypto';
import { readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { PRODUCT } from './product.mjs';
import { succeed, writeTo } from './tools.mjs';
import { makeTree } from './tree.mjs';

/**
 * @param {string} out the folder that gets it
 * @param {string} architecture Debian's name
 * @param {Parameters<typeof makeTree>[2] & { flavour: 'bun' | 'node' }} contents
 * @param {number} seconds the time of all entries
 * @param {boolean} quick packs less tightly
 */
export function makeDeb(out, architecture, contents, seconds, quick) {
  const { name, version } = PRODUCT;
  const file = join(out, `${name}_${version}_${architecture}.deb`);
  const folder = `${file}.contents`;
  const paths = makeTree(folder, 'deb', contents);
  const sizes = paths.map((path) => Math.ceil(statSync(join(folder, path)).size / 1024));
  const sums = paths.map((path) => `${md5(join(folder, path))}  ${path}\n`).join('');
  writeTo(join(folder, 'DEBIAN/control'), control(architecture, contents.flavour, sum(sizes)));
  writeTo(join(folder, 'DEBIAN/md5sums'), sums);
  const compression = quick ? ['-Zgzip', '-z1'] : ['-Zxz', '-z2', '--threads-max=2'];
  const args = ['--root-owner-group', ...compression, '--build', folder, file];
  succeed('dpkg-deb', args, { env: { SOURCE_DATE_EPOCH: String(seconds) } });
  rmSync(folder, { recursive: true });
}

/** @param {string} architecture @param {'bun' | 'node'} flavour @param {number} installedKiB */
function control(architecture, flavour, installedKiB) {
  const { name, version, summary, description, maintainer, homepage, node, glibc } = PRODUCT;
  const needs =
    flavour === 'node'
      ? [`Depends: nodejs (>= ${node})`]
      : // It works without, and keeps secrets in a sealed file then.
        [`Depends: libc6 (>= ${glibc})`, 'Recommends: libsecret-1-0'];
  return [
    `Package: ${name}`,
    `Version: ${version}`,
    `Architecture: ${architecture}`,
    `Maintainer: ${maintainer}`,
    `Installed-Size: ${installedKiB}`,
    ...needs,
    'Section: admin',
    'Priority: optional',
    `Homepage: ${homepage}`,
    `Description: ${summary}`,
    ...description.map((line) => ` ${line}`),
    '',
  ].join('\n');
}

/** What dpkg --verify compares; no protection, and not meant as one. @param {string} file */
const md5 = (file) => createHash('md5').update(readFileSync(file)).digest('hex');

/** @param {readonly number[]} numbers */
const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
