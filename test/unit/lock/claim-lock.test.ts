import { spawnSync } from 'node:child_process';
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Claim } from '../../../src/lock/claim.ts';
import { createClaimLock } from '../../../src/lock/claim-lock.ts';
import type { Lock } from '../../../src/lock/lock.ts';
import { readProcessIdentity } from '../../../src/lock/process-identity.ts';
import { take } from '../../contract/lock-contract.ts';
import { lockSystem } from '../../support/lock-system.ts';
import { pause } from '../../support/pause.ts';

const LIFE_MS = 20_000;
const deadPid = spawnSync('true').pid;

let folder: string;
let lock: Lock;
let now: number;
beforeEach(() => {
  folder = mkdtempSync(`${tmpdir()}/claim-lock-`);
  now = Date.now();
  lock = createClaimLock({ folder, name: 'exchange', sleep: pause, system: lockSystem({ now: () => now }) });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the files', () => {
  it('are one claim, private, kept when it is free', async () => {
    const held = await take(lock);
    expect(readdirSync(folder)).toEqual(['exchange.claim.1']);
    expect(statSync(`${folder}/exchange.claim.1`).mode & 0o777).toBe(0o600);
    expect(readClaim(1)).toMatchObject({ pid: process.pid, deadline: now + LIFE_MS, free: false });
    held.release();
    expect(readdirSync(folder)).toEqual(['exchange.claim.1']);
    expect(readClaim(1).free).toBe(true);
    await take(lock);
    expect(readdirSync(folder)).toEqual(['exchange.claim.2']);
  });

  it('of others are left alone', async () => {
    const others = [
      'exchange.claim.',
      'exchange.claim.1x',
      'exchange.claim.01',
      'exchangeXclaim.7',
      'store.claim.9',
    ];
    for (const name of others) writeFileSync(`${folder}/${name}`, '');
    await take(lock);
    expect(readdirSync(folder).sort()).toEqual([...others, 'exchange.claim.1'].sort());
  });

  it('that a dead process left behind in the making go with the next release, once they are old', async () => {
    const [old, young] = ['a', 'b'].map((digit) => `exchange.claim.3.${digit.repeat(32)}.tmp`) as [
      string,
      string,
    ];
    for (const name of [old, young]) writeFileSync(`${folder}/${name}`, '{');
    touch(`${folder}/${old}`, now - 61_000);
    (await take(lock)).release();
    expect(readdirSync(folder).sort()).toEqual(['exchange.claim.1', young]);
  });

  it('are not made in a folder that is missing: the error is the file system’s', async () => {
    rmSync(folder, { recursive: true });
    await expect(lock.acquire({ waitMs: 0 })).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('may be wiped under a holder, who learns of it and goes quietly', async () => {
    const held = await take(lock);
    rmSync(folder, { recursive: true });
    expect(held.isStillHeld()).toBe(false);
    held.release();
    const again = mkdtempSync(`${tmpdir()}/claim-lock-`);
    renameSync(again, folder);
    await take(lock);
    expect(held.isStillHeld()).toBe(false);
  });

  it('may fail a holder who asks: the error is the file system’s', async () => {
    const held = await take(lock);
    rmSync(folder, { recursive: true });
    symlinkSync(folder, folder);
    expect(() => held.isStillHeld()).toThrow(expect.objectContaining({ code: 'ELOOP' }));
  });

  it('may be wiped and made again by another: the same number is not the same claim', async () => {
    const held = await take(lock);
    unlinkSync(`${folder}/exchange.claim.1`);
    await take(lock);
    expect(held.isStillHeld()).toBe(false);
    held.release();
    expect(readClaim(1).free).toBe(false);
  });
});

describe('an own claim', () => {
  it('with time enough left stays as it is', async () => {
    const held = await take(lock);
    const written = readClaim(1);
    for (const ms of [0, LIFE_MS / 4, LIFE_MS / 4]) {
      now += ms;
      expect(held.isStillHeld()).toBe(true);
    }
    expect(readdirSync(folder)).toEqual(['exchange.claim.1']);
    expect(readClaim(1)).toEqual(written);
  });

  it.each([
    ['is about to end', 0.8 * LIFE_MS],
    ['was made before the clock was set back', -LIFE_MS / 2],
  ])('that %s is followed by the next', async (_, ms) => {
    const held = await take(lock);
    now += ms;
    expect(held.isStillHeld()).toBe(true);
    expect(readdirSync(folder)).toEqual(['exchange.claim.2']);
    expect(readClaim(2).deadline).toBe(now + LIFE_MS);
  });

  it('that another has followed and removed is not brought back', async () => {
    const held = await take(lock);
    now += LIFE_MS + 1;
    await take(lock);
    held.release();
    expect(readdirSync(folder)).toEqual(['exchange.claim.2']);
    expect(readClaim(2).free).toBe(false);
  });
});

describe('the claim of another', () => {
  const self = readProcessIdentity(lockSystem());

  it.each<[string, Partial<Claim>, 'held' | 'timeout']>([
    ['that lives', {}, 'timeout'],
    ['that is dead', { pid: deadPid }, 'held'],
    ['whose pid is another process’s now', { start: '1' }, 'held'],
    ['of another boot or pid namespace', { pid: deadPid, scope: 'elsewhere' }, 'timeout'],
  ])('%s', async (_, differences, outcome) => {
    writeClaim(7, differences);
    expect(await lock.acquire({ waitMs: 0 })).toMatchObject({ outcome });
  });

  it.each([
    ['ends at its deadline', LIFE_MS + 1],
    ['ends if the clock is set back by more than its life', -LIFE_MS - 1],
  ])('%s, wherever it lives', async (_, ms) => {
    writeClaim(7, { scope: 'elsewhere' });
    now += ms;
    await take(lock);
    expect(readdirSync(folder)).toEqual(['exchange.claim.8']);
  });

  it('outlasts a small correction of the clock', async () => {
    writeClaim(7, {});
    now -= 2_000;
    expect(await lock.acquire({ waitMs: 0 })).toMatchObject({ outcome: 'timeout' });
  });

  it.each([
    ['empty', ''],
    ['torn', '{"id":"ab","pid":12'],
    ['another program’s', '{"pid":12}'],
    ['null', 'null'],
    ['that of a group of processes', JSON.stringify({ ...claimOf(self), pid: -1 })],
  ])('that is %s counts for as long as the file is young', async (_, text) => {
    const path = `${folder}/exchange.claim.7`;
    writeFileSync(path, text);
    touch(path, now - LIFE_MS + 1_000);
    expect(await lock.acquire({ waitMs: 0 })).toMatchObject({ outcome: 'timeout' });
    touch(path, now - LIFE_MS - 1_000);
    await take(lock);
  });

  function claimOf(owner: typeof self): Claim {
    return { ...owner, id: 'ab', deadline: now + LIFE_MS, free: false };
  }

  function writeClaim(number: number, differences: Partial<Claim>): void {
    writeFileSync(`${folder}/exchange.claim.${number}`, JSON.stringify({ ...claimOf(self), ...differences }));
  }
});

it('whoever waits stands still, and goes on when the time to wait is over', async () => {
  await take(lock);
  // As the program has it, without the sleep of several contenders in one process.
  const alone = createClaimLock({ folder, name: 'exchange', system: lockSystem({ now: () => now }) });
  let polls = 0;
  const poll = async () => void polls++;
  const started = performance.now();
  expect(await alone.acquire({ waitMs: 60, poll })).toEqual({ outcome: 'timeout' });
  expect(performance.now() - started).toBeGreaterThanOrEqual(60);
  // Pauses of 10 ms and more: far fewer looks than a loop without any.
  expect(polls).toBeLessThan(12);
});

it.each([
  ['the longest', 0, [15, 22.5, 33.75], 500],
  ['the shortest', 1, [10, 15, 22.5], 1000 / 3],
])('whoever waits looks less and less often: %s pauses', async (_, random, first, longest) => {
  await take(lock);
  vi.spyOn(Math, 'random').mockReturnValue(random);
  onTestFinished(() => void vi.restoreAllMocks());
  const pauses: number[] = [];
  const sleep = async (ms: number) => void pauses.push(ms);
  const waiting = createClaimLock({
    folder,
    name: 'exchange',
    sleep,
    system: lockSystem({ now: () => now }),
  });
  await waiting.acquire({ waitMs: 60_000, poll: async () => (pauses.length < 20 ? undefined : 'there') });
  for (const [i, ms] of first.entries()) expect(pauses[i]).toBeCloseTo(ms);
  expect(pauses).toEqual(pauses.toSorted((a, b) => a - b));
  expect(pauses.at(-1)).toBeCloseTo(longest);
});

/** Between its look and its link() a contender polls: there we let others do what they like. */
describe('a contender that was slow', () => {
  it('backs out if others have come and gone meanwhile', async () => {
    (await take(lock)).release();
    const answer = await lock.acquire({
      waitMs: 0,
      poll: once(async () => {
        (await take(lock)).release(); // 2
        await take(lock); // 3, and 2 is to be had again
      }),
    });
    expect(answer).toEqual({ outcome: 'timeout' });
    expect(readdirSync(folder)).toEqual(['exchange.claim.3']);
  });

  it('backs out even if the list did not show it the higher claim', async () => {
    (await take(lock)).release();
    const answer = await lock.acquire({
      waitMs: 0,
      poll: once(async () => {
        (await take(lock)).release();
        await take(lock);
        renameSync(`${folder}/exchange.claim.3`, `${folder}/not listed`);
      }),
    });
    expect(answer).toEqual({ outcome: 'timeout' });
  });

  it('backs out if old files were cleared away and the numbers began again', async () => {
    for (let i = 0; i < 4; i++) (await take(lock)).release();
    const answer = await lock.acquire({
      waitMs: 0,
      poll: once(async () => {
        unlinkSync(`${folder}/exchange.claim.4`);
        await take(lock);
      }),
    });
    expect(answer).toEqual({ outcome: 'timeout' });
    expect(readdirSync(folder)).toEqual(['exchange.claim.1']);
  });
});

function once(action: () => Promise<void>): () => Promise<undefined> {
  let done = false;
  return async () => {
    if (!done) {
      done = true;
      await action();
    }
    return undefined;
  };
}

function readClaim(number: number): Claim {
  return JSON.parse(readFileSync(`${folder}/exchange.claim.${number}`, 'utf8'));
}

function touch(path: string, timeMs: number): void {
  utimesSync(path, timeMs / 1000, timeMs / 1000);
}
