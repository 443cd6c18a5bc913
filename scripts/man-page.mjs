// Writes dist/docker-credential-icr.1, or the file that is named, made from the same tables as --help. Bun reads TypeScript.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { bunPath } from './bun.mjs';
import { root } from './install.mjs';

const args = ['--no-env-file', join(root, 'scripts/man-page/main.ts')];
const { status, stdout } = spawnSync(bunPath(), args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
if (status !== 0) process.exit(1);
const file = resolve(process.argv[2] ?? join(root, 'dist/docker-credential-icr.1'));
mkdirSync(dirname(file), { recursive: true });
writeFileSync(file, stdout);
