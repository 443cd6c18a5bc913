import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createClaimLock } from '../../src/lock/claim-lock.ts';
import type { HeldLock } from '../../src/lock/lock.ts';
import { withFsHook } from '../support/lock-fs.ts';
import {
  buildWorkers,
  createLab,
  type LockLab,
  type Worker,
  type Workers,
} from '../support/lock-processes.ts';
import { lockSystem } from '../support/lock-system.ts';
import { pause } from '../support/pause.ts';
import { take } from './lock-contract.ts';

vi.mock('node:fs', async (original) => {
  const { interceptFs } = await import('../support/lock-fs.ts');
  return interceptFs(await original());
});

/**
 * What chaos finds by luck, in order: one contender stands still before each of its file system
 * calls in turn, while another process takes the lock, perhaps after having held and freed it.
 */

/** More than there are calls. */
const MOST_CALLS = 100;

let workers: Workers;
beforeAll(() => {
  workers = buildWorkers();
});
afterAll(() => workers.dispose());

describe('a contender that stands still before any of its file system calls', () => {
  it.each([
    ['a new folder', 0],
    ['a new folder', 2],
    ['a free lock', 0],
    ['a free lock', 1],
    ['a free lock', 2],
    ['a dead holder’s lock', 0],
    ['a dead holder’s lock', 2],
  ])(
    'does not hold together with one that takes %s and has had %i turns before',
    async (state, turnsBefore) => {
      const lab = createLab(workers);
      let standstill = 0;
      try {
        await warmUp(lab);
        for (let reached = true; reached && standstill < MOST_CALLS; standstill++) {
          await prepare(state, lab);
          reached = await standStillAt(standstill, turnsBefore, lab);
        }
      } finally {
        await lab.dispose();
      }
      expect(standstill).toBeGreaterThan(10);
      expect(standstill).toBeLessThan(MOST_CALLS);
    },
  );
});

/** False if there is no such call. */
async function standStillAt(standstill: number, turnsBefore: number, lab: LockLab): Promise<boolean> {
  let calls = 0;
  let other: Worker | undefined;
  const before = () => {
    if (calls++ !== standstill) return;
    other = lab.start('hold', { turnsBefore });
    waitForNote(other, lab);
  };
  const answer = await withFsHook(before, () => lockOf(lab).acquire({ waitMs: 0 }));
  if (!other) return false;
  const own: HeldLock | null = answer.outcome === 'held' ? answer.lock : null;
  const isOtherInside = readFileSync(lab.log, 'utf8').includes(`+ ${other.id}\n`);
  expect({ standstill, holders: Number(own?.isStillHeld() ?? false) + Number(isOtherInside) }).toEqual({
    standstill,
    holders: 1,
  });
  own?.release();
  await other.says('held');
  await other.kill();
  return true;
}

/** The process is started without the event loop, which stands still too. */
function waitForNote(worker: Worker, lab: LockLab): void {
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  for (let i = 0; i < 60_000; i++) {
    if (new RegExp(`^(\\+|waits) ${worker.id}$`, 'm').test(readFileSync(lab.log, 'utf8'))) return;
    Atomics.wait(sleeper, 0, 0, 2);
  }
  throw new Error('the other contender did not start');
}

/** As each of these may leave it: nothing, a claim that was released, one whose owner died. */
async function prepare(state: string, lab: LockLab): Promise<void> {
  writeFileSync(lab.log, '');
  for (const name of readdirSync(lab.folder)) rmSync(`${lab.folder}/${name}`);
  if (state === 'a free lock') (await take(lockOf(lab))).release();
  if (state === 'a dead holder’s lock') {
    const holder = lab.start('hold');
    await holder.says('held');
    await holder.kill();
  }
}

/** The first process that is started loads parts of Node by file system calls of its own. */
async function warmUp(lab: LockLab): Promise<void> {
  const first = lab.start('hold');
  await first.says('held');
  await first.kill();
}

function lockOf(lab: LockLab) {
  return createClaimLock({ folder: lab.folder, name: 'exchange', sleep: pause, system: lockSystem() });
}
