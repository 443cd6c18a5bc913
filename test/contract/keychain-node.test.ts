import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';

it.runIf(process.platform === 'linux')('leaves nobody at a bus that does not answer', async () => {
  const folder = mkdtempSync(`${tmpdir()}/icr-keychain-`);
  onTestFinished(() => rmSync(folder, { recursive: true }));
  // Where the addon is found.
  symlinkSync(resolve('node_modules'), `${folder}/node_modules`);
  const worker = `${folder}/worker.mjs`;
  const options = ['build', 'test/support/keychain-worker.ts', '--target=node', `--outfile=${worker}`];
  execFileSync('node_modules/.bin/bun', options, { stdio: 'pipe' });
  const bus = createServer().listen(`${folder}/bus`);
  const helper = spawn(process.execPath, [worker], {
    env: { DBUS_SESSION_BUS_ADDRESS: `unix:path=${folder}/bus` },
  });
  const [asking] = (await once(bus, 'connection')) as [Socket];
  onTestFinished(() => void bus.close());
  onTestFinished(() => void asking.destroy());
  helper.stdin.end();
  expect(await once(helper, 'exit')).toEqual([1, null]);
  await once(asking.resume(), 'end');
});
