// npm run release: everything that is released, in dist/release. docs/release.md says what there is.
// --only NAME,… builds for these platforms alone, --out DIR into another folder, --quick packs less tightly.
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { installDependencies, root } from './install.mjs';
import { release } from './release/release.mjs';

const { values } = parseArgs({
  options: { only: { type: 'string' }, out: { type: 'string' }, quick: { type: 'boolean', default: false } },
});
installDependencies();
const made = release({
  out: resolve(values.out ?? join(root, 'dist/release')),
  quick: values.quick,
  ...(values.only !== undefined && { only: values.only.split(',') }),
});
for (const [file, hash] of Object.entries(made)) console.log(`${hash}  ${file}`);
