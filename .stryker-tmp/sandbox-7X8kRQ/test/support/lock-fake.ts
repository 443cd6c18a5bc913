import type { AcquireOptions, Acquisition, HeldLock, Lock, PublishedFailure } from '../../src/lock/lock.ts';

export interface FakeLockOptions {
  /** Milliseconds since 1970. */
  now?: () => number;
  claimLifeMs?: number;
}

interface State {
  /** How often the lock was taken. */
  turns: number;
  holder: object | null;
  deadline: number;
  failure: PublishedFailure | undefined;
}

/** The lock in memory, for all who are given this one object: kept honest by the lock contract. */
export function createFakeLock({ now = Date.now, claimLifeMs = 20_000 }: FakeLockOptions = {}): Lock {
  const state: State = { turns: 0, holder: null, deadline: 0, failure: undefined };
  return { acquire: (wanted) => acquire(wanted, { state, now, claimLifeMs }) };
}

interface Fake extends Required<FakeLockOptions> {
  state: State;
}

async function acquire<T>(wanted: AcquireOptions<T>, fake: Fake): Promise<Acquisition<T>> {
  const end = performance.now() + wanted.waitMs;
  for (;;) {
    const { turns } = fake.state;
    const value = await wanted.poll?.();
    if (value !== undefined) return { outcome: 'ready', value };
    const failure = ourFailure(wanted, fake);
    if (failure) return { outcome: 'failed', failure };
    const nobodyCameMeanwhile = turns === fake.state.turns;
    if (nobodyCameMeanwhile && isFree(fake)) return { outcome: 'held', lock: hold(fake) };
    if (performance.now() >= end) return { outcome: 'timeout' };
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

function ourFailure(wanted: AcquireOptions<unknown>, { state, now }: Fake): PublishedFailure | undefined {
  const { failure } = state;
  const since = wanted.adoptFailuresSince;
  if (!failure || since === undefined) return undefined;
  return failure.endedAt > since && failure.endedAt <= now() ? failure : undefined;
}

function isFree({ state, now }: Fake): boolean {
  return state.holder === null || now() >= state.deadline;
}

function hold({ state, now, claimLifeMs }: Fake): HeldLock {
  const holder = {};
  state.turns++;
  const renew = () => Object.assign(state, { holder, deadline: now() + claimLifeMs });
  renew();
  state.failure = undefined;
  return {
    isStillHeld() {
      const isHeld = state.holder === holder;
      if (isHeld) renew();
      return isHeld;
    },
    release(failure) {
      if (state.holder === holder) Object.assign(state, { holder: null, failure });
    },
  };
}
