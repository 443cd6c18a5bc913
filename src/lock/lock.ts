import type { ErrorCode } from '../errors.ts';

/** A failed piece of work as data, published for those who waited for it; never with a secret. */
export interface PublishedFailure {
  code: ErrorCode;
  message: string;
  hint?: string;
  /** Milliseconds since 1970. */
  endedAt: number;
}

export interface HeldLock {
  /**
   * Whether nobody has taken over since (somebody may if we stood still for longer than a claim
   * lives): ask right before committing. True also gives the commit time: a claim that is about to
   * end is renewed. Throws raw file system errors.
   */
  isStillHeld(): boolean;
  /**
   * Frees the lock, and tells those who wait how the work failed, if it did. Never throws: a claim
   * that cannot be rewritten ends with this process.
   */
  release(failure?: PublishedFailure): void;
}

export type Acquisition<T> =
  /** Ours; poll() found nothing, and nobody has held the lock since it looked. */
  | { outcome: 'held'; lock: HeldLock }
  /** poll() found what we were waiting for. */
  | { outcome: 'ready'; value: T }
  /** The work that we waited for failed. */
  | { outcome: 'failed'; failure: PublishedFailure }
  | { outcome: 'timeout' };

export interface AcquireOptions<T> {
  /** At most so long, milliseconds; 0 is one attempt. */
  waitMs: number;
  /** Looked at before each attempt, the first too: what the holder is making may be there already. */
  poll?: () => Promise<T | undefined>;
  /**
   * Failures that ended after this moment (milliseconds since 1970; e.g. when this process began)
   * are ours too. Omit: never adopt a failure.
   */
  adoptFailuresSince?: number;
}

/** One per piece of work: whoever waits for it takes the holder's failure for the answer to its own question. */
export interface Lock {
  /**
   * Throws what poll() throws, raw file system errors, and HelperError busy for a lock that is closed to
   * this user: what to do without a lock is the caller's choice.
   */
  acquire<T = never>(options: AcquireOptions<T>): Promise<Acquisition<T>>;
}
