/**
 * For every suite that starts the executable (vitest.config.ts): no secret that a double of this process
 * hands out is in an output but those that have to hold it, in the arguments or the environment of
 * what the executable starts, in a URL that a double is asked for, or in a file of a home. A test that
 * lets one out fails with a line that says where.
 */
import type { ChildProcess } from 'node:child_process';
import { subscribe } from 'node:diagnostics_channel';
import { afterAll, afterEach } from 'vitest';
import { watchDoubles } from '../../fakes/witness.ts';
import { beforeRemoval, homes } from '../home.ts';
import { createWatch } from './watch.ts';

const watch = createWatch();

watchDoubles({ onSecret: watch.addSecret, onUrl: watch.lookAtUrl });

// Node's own: whichever way a test starts a program, if not one that stands still meanwhile (spawnSync).
subscribe('child_process', (message) => {
  const { process: child } = message as { process: ChildProcess };
  child.once('spawn', () => watch.lookAtProcess(child));
});

// In the midst of a test, by a hook that comes before ours or by one that comes after it.
beforeRemoval(watch.lookAtFiles);
afterEach(report);
afterAll(report);

function report(): void {
  for (const home of homes) watch.lookAtFiles(home);
  const breaches = watch.takeBreaches();
  if (breaches.length > 0) throw new Error(`a secret got out:\n${breaches.join('\n')}`);
}
