import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { root } from '../support/documents.ts';

/** What scripts/install.mjs runs where it takes the system for Windows, with a shell that refuses all. */
function runOnWindows(program: string) {
  const script = `
    Object.defineProperty(process, 'platform', { value: 'win32' });
    const { run } = await import('./scripts/install.mjs');
    run(${program}, ['--version']);`;
  const env = { comspec: '/bin/false', PATH: process.env['PATH'] };
  return spawnSync(process.execPath, ['--input-type=module', '-e', script], { cwd: root, env }).status;
}

it.skipIf(process.platform === 'win32')(
  'on Windows only npm needs a shell: Node lies in C:\\Program Files',
  () => {
    expect(runOnWindows('process.execPath')).toBe(0);
    expect(runOnWindows(`'npm'`)).toBe(1);
  },
);
