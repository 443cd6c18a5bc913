// The files of a package for Linux, where each lies below /. The .deb and the .rpm have the same.
import { chmodSync, copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { PRODUCT } from './product.mjs';
import { succeed, writeTo } from './tools.mjs';

const { name } = PRODUCT;

/** Where each kind of package looks for what. */
const PLACES = {
  deb: { zsh: 'usr/share/zsh/vendor-completions', licence: `usr/share/doc/${name}/copyright` },
  rpm: { zsh: 'usr/share/zsh/site-functions', licence: `usr/share/licenses/${name}/LICENSE` },
};

/**
 * @param {string} folder
 * @param {'deb' | 'rpm'} kind
 * @param {import('./archives.mjs').Contents & { runnable: string }} contents `runnable` is a program that
 * prints its completions here: the packaged one may be another platform's
 * @returns {readonly string[]} the paths of all files, sorted
 */
export function makeTree(folder, kind, { program, page, licence, runnable }) {
  const { zsh, licence: licencePlace } = PLACES[kind];
  const completion = (/** @type {string} */ shell) => succeed(runnable, ['completion', shell]);
  /** @type {Record<string, string | Buffer>} */
  const texts = {
    // The header of gzip gets no time and no name.
    [`usr/share/man/man1/${name}.1.gz`]: gzipSync(readFileSync(page), { level: 9 }),
    [`usr/share/bash-completion/completions/${name}`]: completion('bash'),
    [`${zsh}/_${name}`]: completion('zsh'),
    [`usr/share/fish/vendor_completions.d/${name}.fish`]: completion('fish'),
    [licencePlace]: readFileSync(licence),
  };
  for (const [path, content] of Object.entries(texts)) writeTo(join(folder, path), content);
  const bin = join(folder, 'usr/bin', name);
  mkdirSync(dirname(bin), { recursive: true });
  copyFileSync(program, bin);
  chmodSync(bin, 0o755);
  return [`usr/bin/${name}`, ...Object.keys(texts)].sort();
}
