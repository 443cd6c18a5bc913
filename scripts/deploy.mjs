// Writes what of deploy/ is made from other files; a test holds them equal.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { bunPath } from './bun.mjs';

const main = fileURLToPath(new URL('deploy/main.ts', import.meta.url));
execFileSync(bunPath(), ['--no-env-file', main], { stdio: 'inherit' });
