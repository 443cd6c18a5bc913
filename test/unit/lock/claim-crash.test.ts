import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createClaimLock } from '../../../src/lock/claim-lock.ts';
import { take } from '../../contract/lock-contract.ts';
import { fsError, withFsHook } from '../../support/lock-fs.ts';
import { lockSystem } from '../../support/lock-system.ts';
import { pause } from '../../support/pause.ts';

vi.mock('node:fs', async (original) => {
  const { interceptFs } = await import('../../support/lock-fs.ts');
  return interceptFs(await original());
});

const deadPid = spawnSync('true').pid;
/** More than there are calls. */
const MOST_CALLS = 200;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(`${tmpdir()}/claim-crash-`);
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('a process that dies before any of its file system calls', () => {
  it.each(['a new folder', 'a free lock', 'a dead holder’s lock'])('blocks nobody, at %s', async (state) => {
    let crash = 0;
    for (; crash < MOST_CALLS; crash++) {
      await prepare(state);
      const survived = await dieAt(crash);
      (await takeAtOnce()).release();
      expect(claims()).toHaveLength(1);
      if (survived) break;
    }
    expect(crash).toBeGreaterThan(20);
    expect(crash).toBeLessThan(MOST_CALLS);
  });
});

describe('an error of the file system', () => {
  it.each([
    ['openSync', 'EROFS', 'open'],
    ['openSync', 'EACCES', 'open'],
    ['writeSync', 'ENOSPC', 'write'],
  ])('of %s is thrown as it is: %s', async (failing, code, syscall) => {
    const acquiring = withFsHook(failAt(failing, fsError(code, syscall)), () =>
      lockOf().acquire({ waitMs: 0 }),
    );
    await expect(acquiring).rejects.toMatchObject({ code });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('at release is kept quiet, and blocks nobody in this process', async () => {
    const held = await take(lockOf());
    await withFsHook(failAt('writeSync', fsError('ENOSPC', 'write')), () => held.release());
    expect(readdirSync(folder)).toEqual(['exchange.claim.1']);
    expect(await lockOf().acquire({ waitMs: 0 })).toMatchObject({ outcome: 'held' });
  });

  it('that is a missing temporary file, cleared away meanwhile, costs one more attempt', async () => {
    let failures = 0;
    const fail = (call: string) => {
      if (call === 'linkSync' && failures++ === 0) throw fsError('ENOENT', 'link');
    };
    await withFsHook(fail, async () => take(lockOf()));
    expect(failures).toBe(2);
  });
});

/** As each of these may leave it: nothing, a claim that was released, one whose owner died. */
async function prepare(state: string): Promise<void> {
  for (const name of readdirSync(folder)) rmSync(`${folder}/${name}`);
  if (state === 'a free lock') (await take(lockOf())).release();
  if (state === 'a dead holder’s lock') await take(lockOf(deadPid));
}

/** Takes and frees the lock as a process that dies before its n-th call; false if it came so far. */
async function dieAt(n: number): Promise<boolean> {
  let calls = 0;
  const die = () => {
    // The dead do nothing any more, not even in a finally block.
    if (calls++ >= n) throw fsError('EIO', 'crash');
  };
  await withFsHook(die, async () => (await take(lockOf(deadPid))).release()).catch(() => {});
  return calls <= n;
}

async function takeAtOnce() {
  const answer = await lockOf().acquire({ waitMs: 0 });
  if (answer.outcome !== 'held') throw new Error(`blocked: ${answer.outcome}, ${readdirSync(folder)}`);
  return answer.lock;
}

function claims(): string[] {
  return readdirSync(folder).filter((name) => !name.endsWith('.tmp'));
}

function lockOf(pid = process.pid) {
  return createClaimLock({ folder, name: 'exchange', sleep: pause, system: lockSystem({ pid }) });
}

function failAt(failing: string, error: Error): (call: string) => void {
  return (call) => {
    if (call === failing) throw error;
  };
}
