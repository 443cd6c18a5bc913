// The Node flavour with Node inside, in one file.
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { PRODUCT } from '../release/product.mjs';
import { makeSingleFile } from '../release/single-file.mjs';
import { installToolchain } from '../release/toolchain.mjs';
import { unpack } from './unpack.mjs';
import { walk } from './walk.mjs';

/** @param {string} release @param {string} work */
export function singleFile(release, work) {
  mkdirSync(work, { recursive: true });
  installToolchain();
  const script = join(work, `${PRODUCT.name}.cjs`);
  symlinkSync(unpack(release, work, { name: 'node' }), script);
  const file = join(work, PRODUCT.name);
  makeSingleFile(script, file);
  return walk(join(work, 'home'), [file]);
}
