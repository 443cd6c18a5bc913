import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Acquisition, HeldLock, Lock, PublishedFailure } from '../../src/lock/lock.ts';
import { pause } from '../support/pause.ts';

export interface LockUnderTest {
  /** Two contenders for one lock. */
  first: Lock;
  second: Lock;
  /** Milliseconds since 1970, by the clock that the lock sees. */
  now(): number;
  /** Lets that clock go on (or back) without waiting. */
  advance(ms: number): void;
  dispose(): void;
}

export type MakeLock = (claimLifeMs: number) => LockUnderTest;

const LIFE_MS = 1_000;
const PATIENT_MS = 120_000;

/** What every lock does; run on the real one and on the fake that stands for it in other tests. */
export function describeLockContract(name: string, makeLock: MakeLock): void {
  describe(name, () => {
    let lock: LockUnderTest;
    beforeEach(() => {
      lock = makeLock(LIFE_MS);
    });
    afterEach(() => lock.dispose());

    it('is held by the only one who wants it, and again after a release', async () => {
      for (let i = 0; i < 3; i++) {
        const held = await take(lock.first);
        expect(held.isStillHeld()).toBe(true);
        held.release();
      }
    });

    it('times out for a second contender while the first holds', async () => {
      await take(lock.first);
      expect(await lock.second.acquire({ waitMs: 0 })).toEqual({ outcome: 'timeout' });
      expect(await lock.first.acquire({ waitMs: 40 })).toEqual({ outcome: 'timeout' });
    });

    it('goes to one who waits once it is released', async () => {
      const held = await take(lock.first);
      const order: string[] = [];
      const waiting = lock.second.acquire({ waitMs: PATIENT_MS }).then((it) => order.push(it.outcome));
      await pause(30);
      order.push('released');
      held.release();
      await waiting;
      expect(order).toEqual(['released', 'held']);
    });

    it('has one holder at a time, and everybody gets a turn', async () => {
      let inside = 0;
      let worst = 0;
      const turn = async (contender: Lock) => {
        const held = await take(contender);
        worst = Math.max(worst, ++inside);
        await pause(1);
        inside--;
        held.release();
      };
      await Promise.all(Array.from({ length: 12 }, (_, i) => turn(i % 2 ? lock.first : lock.second)));
      expect(worst).toBe(1);
    });

    it('answers ready as soon as poll finds what the holder makes', async () => {
      const held = await take(lock.first);
      let value: string | undefined;
      const waiting = lock.second.acquire({ waitMs: PATIENT_MS, poll: async () => value });
      await pause(30);
      value = 'made';
      expect(await waiting).toEqual({ outcome: 'ready', value: 'made' });
      expect(held.isStillHeld()).toBe(true);
    });

    it('looks before it takes: who made it in between need not be asked about again', async () => {
      const answer = await lock.first.acquire({ waitMs: 0, poll: async () => 'made' });
      expect(answer).toEqual({ outcome: 'ready', value: 'made' });
      await take(lock.second);
    });

    it('is not held if another held it during the look', async () => {
      let looks = 0;
      let made: string | undefined;
      const poll = async () => {
        if (looks++ > 0) return made;
        const seen = made; // Read just before the other writes it.
        const held = await take(lock.second);
        made = 'made';
        held.release();
        return seen;
      };
      // The first look found nothing, yet the answer is not 'held' with nothing to show for it.
      const answer = await lock.first.acquire({ waitMs: PATIENT_MS, poll });
      if (answer.outcome === 'held') expect.fail('held, although the work was done meanwhile');
      expect(answer).toEqual({ outcome: 'ready', value: 'made' });
    });

    it('throws what poll throws, and stays free', async () => {
      const poll = async () => {
        throw new Error('no key');
      };
      await expect(lock.first.acquire({ waitMs: 0, poll })).rejects.toThrow('no key');
      await take(lock.second);
    });

    it('hands a failure to all who waited for the work', async () => {
      const adoptFailuresSince = lock.now();
      const held = await take(lock.first);
      const wanted = { waitMs: PATIENT_MS, adoptFailuresSince };
      const waiting = [lock.first, lock.second, lock.second].map((it) => it.acquire(wanted));
      await pause(20);
      lock.advance(5);
      const failure = failureAt(lock.now());
      held.release(failure);
      expect(await Promise.all(waiting)).toEqual(Array(3).fill({ outcome: 'failed', failure }));
    });

    it('keeps a failure from those who came after it, or never asked for one', async () => {
      const held = await take(lock.first);
      lock.advance(5);
      held.release(failureAt(lock.now()));
      (await take(lock.second)).release(failureAt(lock.now()));
      const late = await lock.second.acquire({ waitMs: 0, adoptFailuresSince: lock.now() });
      expect(late.outcome).toBe('held');
    });

    it('does not repeat a failure from before the clock was set back', async () => {
      const held = await take(lock.first);
      held.release(failureAt(lock.now()));
      lock.advance(-3_600_000);
      const answer = await lock.second.acquire({ waitMs: 0, adoptFailuresSince: lock.now() });
      expect(answer.outcome).toBe('held');
    });

    it('forgets a failure when the work is done anew', async () => {
      const adoptFailuresSince = lock.now() - 1;
      (await take(lock.first)).release(failureAt(lock.now()));
      (await take(lock.first)).release();
      const answer = await lock.second.acquire({ waitMs: 0, adoptFailuresSince });
      expect(answer.outcome).toBe('held');
    });

    it('is taken over after a claim’s life, and tells the one who lost it', async () => {
      const lost = await take(lock.first);
      lock.advance(LIFE_MS + 1);
      const held = await take(lock.second);
      expect(lost.isStillHeld()).toBe(false);
      lost.release(failureAt(lock.now()));
      expect(await lock.first.acquire({ waitMs: 20, adoptFailuresSince: 0 })).toEqual({ outcome: 'timeout' });
      expect(held.isStillHeld()).toBe(true);
    });

    it('is not freed by one who has lost it without knowing', async () => {
      const lost = await take(lock.first);
      lock.advance(LIFE_MS + 1);
      const held = await take(lock.second);
      lost.release();
      expect(await lock.first.acquire({ waitMs: 20 })).toEqual({ outcome: 'timeout' });
      expect(held.isStillHeld()).toBe(true);
    });

    it('renews a claim that is asked about late, if nobody has taken over', async () => {
      const held = await take(lock.first);
      for (let i = 0; i < 3; i++) {
        lock.advance(0.9 * LIFE_MS);
        expect(held.isStillHeld()).toBe(true);
        lock.advance(0.5 * LIFE_MS);
        expect(await lock.second.acquire({ waitMs: 0 })).toEqual({ outcome: 'timeout' });
      }
      held.release();
      await take(lock.second);
    });

    it('can be released twice without harm to the next holder', async () => {
      const released = await take(lock.first);
      released.release();
      const held = await take(lock.second);
      released.release(failureAt(lock.now()));
      expect(released.isStillHeld()).toBe(false);
      expect(held.isStillHeld()).toBe(true);
    });
  });
}

/** Stands still unless told to go on, so that no claim ends while a slow machine is thinking. */
export function createClock(): Pick<LockUnderTest, 'now' | 'advance'> {
  let now = Date.now();
  return {
    now: () => now,
    advance: (ms) => {
      now += ms;
    },
  };
}

export async function take(lock: Lock): Promise<HeldLock> {
  return heldLock(await lock.acquire({ waitMs: PATIENT_MS }));
}

function heldLock(answer: Acquisition<unknown>): HeldLock {
  if (answer.outcome !== 'held') throw new Error(`expected to hold the lock, got ${answer.outcome}`);
  return answer.lock;
}

function failureAt(endedAt: number): PublishedFailure {
  return { code: 'busy', message: 'IAM said no', hint: 'ask again', endedAt };
}
