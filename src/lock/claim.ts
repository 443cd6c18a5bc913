import type { PublishedFailure } from './lock.ts';
import type { ProcessIdentity } from './process-identity.ts';

/** What stands in a claim file, as JSON. */
export interface Claim extends ProcessIdentity {
  /** Random, so that no two claims are ever the same text. */
  id: string;
  /** Milliseconds since 1970; then others may take over. */
  deadline: number;
  /** The owner is done. */
  free: boolean;
  /** How the owner's work failed, if it did. */
  failure?: PublishedFailure;
}

/** The claim, or null if this is not one: torn, damaged, not ours. */
export function parseClaim(text: string): Claim | null {
  try {
    const claim = JSON.parse(text);
    return isClaim(claim) ? claim : null;
  } catch {
    return null;
  }
}

function isClaim(value: Partial<Claim> | null): value is Claim {
  return (
    typeof value?.id === 'string' &&
    // kill() of 0 or a negative number asks about groups of processes.
    Number.isSafeInteger(value.pid) &&
    Number(value.pid) > 0 &&
    isStringOrNull(value.start) &&
    isStringOrNull(value.scope) &&
    typeof value.deadline === 'number' &&
    typeof value.free === 'boolean' &&
    (value.failure === undefined || isFailure(value.failure))
  );
}

function isStringOrNull(value: unknown): boolean {
  return value === null || typeof value === 'string';
}

/** Of the code only that it is one: callers compare it, and a later version may know more of them. */
function isFailure(value: Partial<PublishedFailure> | null): value is PublishedFailure {
  return (
    typeof value?.code === 'string' &&
    typeof value.message === 'string' &&
    (value.hint === undefined || typeof value.hint === 'string') &&
    typeof value.endedAt === 'number'
  );
}

/**
 * Whether somebody who began at `since` shares this failure. One from the future was written before
 * the clock was set back; to adopt it would repeat it until the clock is there again.
 */
export function isFailureSince(failure: PublishedFailure, since: number, now: number): boolean {
  return failure.endedAt > since && failure.endedAt <= now;
}
