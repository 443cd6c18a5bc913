// Simulates a fleet of nodes that ask IAM for tokens, with the program's own policy: prints the table
// of docs/fleet.md and writes its plot.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { bunPath } from './bun.mjs';

const main = fileURLToPath(new URL('fleet/main.ts', import.meta.url));
execFileSync(bunPath(), ['--no-env-file', main], { stdio: 'inherit' });
