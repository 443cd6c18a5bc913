// npm run check-release: tries what npm run release made, in dist/release. docs/release.md says what it
// has shown. Linux with the rights of root; --only NAME,… runs some of the checks below.
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { conformance } from './check-release/conformance.mjs';
import { emulated } from './check-release/emulated.mjs';
import { files } from './check-release/files.mjs';
import { installer } from './check-release/installer.mjs';
import { reproducible } from './check-release/reproducible.mjs';
import { singleFile } from './check-release/single-file.mjs';
import { root } from './install.mjs';

/**
 * Gets the folder of the release and one for its own files; gives what is wrong, a line for each.
 * @type {Record<string, (release: string, work: string) => readonly string[]>}
 */
const CHECKS = { files, installer, emulated, 'single-file': singleFile, reproducible, conformance };

const { values } = parseArgs({ options: { only: { type: 'string' } } });
// Not in /tmp: that no code comes from there is one of the things that are tested.
mkdirSync(join(root, 'dist'), { recursive: true });
const work = mkdtempSync(join(root, 'dist/check-release-'));
// Some tests start the program as another user.
chmodSync(work, 0o755);
let failed = 0;
try {
  for (const name of values.only?.split(',') ?? Object.keys(CHECKS)) {
    const check = CHECKS[name];
    if (!check) throw new Error(`no such check: ${name}`);
    const problems = check(join(root, 'dist/release'), join(work, name));
    for (const problem of problems) console.error(`${name}: ${problem}`);
    console.log(`${name}: ${problems.length === 0 ? 'ok' : `${problems.length} problems`}`);
    failed += problems.length;
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
process.exit(failed === 0 ? 0 : 1);
