// npm run picture: runs what docs/terminal.svg shows, with the built executable and real clients, and
// draws it anew. Root on Debian, as the end-to-end suites.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bunPath } from './bun.mjs';
import { preparePackages } from './debian-packages.mjs';
import { findNamespace } from './demo/place.mjs';
import { root } from './install.mjs';

const folder = mkdtempSync(join(tmpdir(), 'icr-picture-'));
try {
  const { wrapper, problem } = findNamespace(folder);
  const missing = preparePackages() ?? problem;
  if (missing) throw new Error(missing);
  const [program = '', ...args] = [...wrapper, bunPath(), '--no-env-file'];
  execFileSync(program, [...args, join(root, 'scripts/terminal-picture/main.ts')], { stdio: 'inherit' });
} finally {
  rmSync(folder, { recursive: true });
}
