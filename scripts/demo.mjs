// npm run demo: from a fresh clone to pushed and pulled images, with the real executable against a
// local double of IBM Cloud. Needs nothing but Node's own modules until the dependencies are there.
import { spawn } from 'node:child_process';
import { mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bunPath } from './bun.mjs';
import { removeFolder } from './demo/clean-up.mjs';
import { environmentFor } from './demo/environment.mjs';
import { findPlace } from './demo/place.mjs';
import { canCache, isBuilt } from './demo/preparation.mjs';
import { installDependencies, isInstalled, root, run } from './install.mjs';

const startedAt = Date.now();
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'icr-demo-')));
process.on('exit', () => removeFolder(folder));

try {
  prepare();
  await show();
} catch (error) {
  console.error(`demo failed: ${error instanceof Error ? error.message : error}`);
  process.exit(1);
}

function prepare() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    throw new Error(`Node 20.19 or newer is needed, this is ${process.versions.node}`);
  }
  console.log(isInstalled() ? 'Dependencies: installed already' : 'Installing dependencies …');
  // Where npm cannot write to its usual place (no home folder), it gets one of ours.
  if (!canCache()) process.env['npm_config_cache'] = join(folder, 'npm-cache');
  installDependencies();
  console.log(isBuilt() ? 'Executable: built already' : 'Building the executable …');
  if (!isBuilt()) run(process.execPath, ['scripts/build.mjs']);
}

/** Runs the part in TypeScript to its end, inside a namespace where there is one. */
async function show() {
  const place = findPlace(folder);
  const command = [...place.wrapper, bunPath(), '--no-env-file', join(root, 'scripts/demo/main.ts')];
  const child = spawn(command[0] ?? '', command.slice(1), {
    cwd: folder,
    env: environmentFor({ folder, startedAt, place }),
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => {
      process.exitCode = 1;
      // unshare ignores everything else, and takes all that it started with it.
      child.kill('SIGKILL');
    });
  }
  await new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      process.exitCode ||= code ?? 1;
      resolve(undefined);
    });
  });
}
