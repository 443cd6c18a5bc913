import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { bunPath } from '../../scripts/bun.mjs';
import { succeed } from '../support/processes.ts';
import { makeHome } from '../support/test-home.ts';

const HOST_SYSTEM = fileURLToPath(new URL('../../src/host-system.ts', import.meta.url));

it('a program that is run does not outlive this process', async () => {
  const { folder, env } = makeHome();
  const pidFile = join(folder, 'pid');
  const script = `
    import { existsSync } from 'node:fs';
    import { createHostSystem } from ${JSON.stringify(HOST_SYSTEM)};
    const args = ['-c', 'echo $$ > ${pidFile}.new; mv ${pidFile}.new ${pidFile}; exec sleep 60'];
    void createHostSystem(() => {}).run('/bin/sh', args, { env: process.env, timeoutMs: 60_000 });
    while (!existsSync(${JSON.stringify(pidFile)})) await new Promise(setImmediate);
    process.exit(0);`;
  await succeed(bunPath(), ['-e', script], { env });
  const pid = readFileSync(pidFile, 'utf8').trim();
  onTestFinished(() => void (isRunning(pid) && process.kill(Number(pid), 'SIGKILL')));
  await expect.poll(() => isRunning(pid), { timeout: 3_000 }).toBe(false);
});

/** Not one that has ended and that nobody has asked about yet (proc(5), state Z). */
function isRunning(pid: string): boolean {
  try {
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}
