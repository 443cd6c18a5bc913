import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { it, onTestFinished } from 'vitest';
import { bunPath } from '../../scripts/bun.mjs';
import { isRunning } from '../support/is-running.ts';
import { succeed } from '../support/processes.ts';
import { makeHome } from '../support/test-home.ts';
import { until } from '../support/until.ts';

const HOST_SYSTEM = fileURLToPath(new URL('../../src/host-system.ts', import.meta.url));

it('a program that is run does not outlive this process', async () => {
  const { folder, env } = makeHome();
  const pidFile = join(folder, 'pid');
  const script = `
    import { existsSync } from 'node:fs';
    import { createHostSystem } from ${JSON.stringify(HOST_SYSTEM)};
    const args = ['-c', 'echo $$ > ${pidFile}.new; mv ${pidFile}.new ${pidFile}; exec sleep 900'];
    void createHostSystem(() => {}).run('/bin/sh', args, { env: process.env, timeoutMs: 900_000 });
    while (!existsSync(${JSON.stringify(pidFile)})) await new Promise(setImmediate);
    process.exit(0);`;
  await succeed(bunPath(), ['-e', script], { env });
  const pid = readFileSync(pidFile, 'utf8').trim();
  onTestFinished(() => void (isRunning(pid) && process.kill(Number(pid), 'SIGKILL')));
  await until('it is killed', () => !isRunning(pid));
});
