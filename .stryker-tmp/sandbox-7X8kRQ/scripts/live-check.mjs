// npm run live-check: tries what we assume of IBM Cloud on the real IAM and the real registry, for
// whoever has an account. The API key comes from the environment and stays in memory.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { bunPath } from './bun.mjs';
import { installDependencies, root } from './install.mjs';

const VARIABLE = 'ICR_LIVE_API_KEY';
const apiKey = process.env[VARIABLE];
// Neither npm nor any package's install script gets to see it.
delete process.env[VARIABLE];

if (!apiKey) {
  console.error(
    `${VARIABLE} is not set: with an IBM Cloud API key at hand, run  read -rs ${VARIABLE}; export ${VARIABLE}; npm run live-check  (docs/assumptions.md has the rest)`,
  );
  process.exit(2);
}

installDependencies();
const args = ['--no-env-file', '--use-system-ca', join(root, 'scripts/live-check/main.ts')];
const child = spawn(bunPath(), args, { stdio: ['pipe', 'inherit', 'inherit'] });
child.on('error', (error) => {
  console.error(`live-check failed: ${error.message}`);
  process.exitCode = 1;
});
child.on('close', (code) => {
  process.exitCode = code ?? 1;
});
child.stdin?.on('error', () => {});
child.stdin?.end(apiKey);
