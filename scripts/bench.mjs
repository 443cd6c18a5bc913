// npm run bench: what the program costs, beside Debian's other credential helpers; docs/performance.md.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bunPath } from './bun.mjs';
import { PEERS, preparePackages } from './debian-packages.mjs';
import { removeFolder } from './demo/clean-up.mjs';
import { findNamespace, searchPath } from './demo/place.mjs';
import { installDependencies, root, run } from './install.mjs';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'icr-bench-')));
process.on('exit', () => removeFolder(folder));

installDependencies();
// Another program that is named needs no build of this one.
if (!process.argv.includes('--executable')) run(process.execPath, ['scripts/build.mjs']);
const missing = preparePackages(PEERS, { mayInstall: true });
if (missing) console.error(`LEFT OUT: what needs them. ${missing}\n`);
const { wrapper, problem } = findNamespace(folder);
if (problem)
  console.error(`LEFT OUT: clients with real names. No network namespace can be had here (${problem})\n`);

const command = [
  ...wrapper,
  bunPath(),
  '--no-env-file',
  join(root, 'benchmarks/main.ts'),
  ...process.argv.slice(2),
];
const child = spawn(command[0] ?? '', command.slice(1), {
  env: environment(),
  stdio: ['ignore', 'inherit', 'inherit'],
});
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  process.on(signal, () => {
    process.exitCode = 1;
    // unshare ignores everything else, and takes all that it started with it.
    child.kill(wrapper.length > 0 ? 'SIGKILL' : signal);
  });
}
child.on('close', (code) => {
  process.exitCode ||= code ?? 1;
});

/** Nothing of the user's own home, variables or credentials. */
function environment() {
  const home = join(folder, 'home');
  mkdirSync(home, { mode: 0o700 });
  return {
    PATH: searchPath(),
    HOME: home,
    TMPDIR: folder,
    // Bun would keep what it has compiled in that home.
    BUN_RUNTIME_TRANSPILER_CACHE_PATH: '0',
    ICR_BENCH_NODE: process.execPath,
  };
}
