import { HelperError } from '../errors.ts';
import { removeFile, writePrivateFile } from '../files.ts';
import { randomName } from '../random-name.ts';
import { isMissing } from '../read-file.ts';
import { standStill } from '../stand-still.ts';
import type { System } from '../system.ts';
import { type Claim, isFailureSince, parseClaim } from './claim.ts';
import {
  type ClaimPlace,
  claimPath,
  claimWrittenAt,
  createClaim,
  highestClaim,
  isForbidden,
  readClaimText,
  removeClaimsBelow,
} from './claim-files.ts';
import type { AcquireOptions, Acquisition, HeldLock, Lock, PublishedFailure } from './lock.ts';
import { isCertainlyDead, type ProcessIdentity, readProcessIdentity } from './process-identity.ts';

/** Longer than any exchange takes. The same in all versions, or they take over from each other. */
const CLAIM_LIFE_MS = 20_000;
const SHORTEST_SLEEP_MS = 10;
/** Recovery stays under a second; 200 waiters stay under half a core. */
const LONGEST_SLEEP_MS = 500;

export interface ClaimLockOptions extends ClaimPlace {
  system: System;
  /** Milliseconds; for tests. */
  claimLifeMs?: number;
  /** For several contenders in one process, as only tests have them. */
  sleep?: (ms: number) => Promise<void>;
}

/**
 * A lock between processes made of numbered files, in an existing private folder. The highest claim
 * counts. Only one that is free, or whose owner is dead or overdue, may be followed by the next
 * number, which link() gives to exactly one contender. The highest claim is never removed, not even
 * by its owner, so that a number once won is never won again: that is what pid files get wrong,
 * where the file that one contender found stale is deleted when it is already another's.
 * (Clearing away files older than a day is safe all the same: see isNextAfter.)
 */
export function createClaimLock(options: ClaimLockOptions): Lock {
  return {
    acquire: (wanted) => acquire({ claimLifeMs: CLAIM_LIFE_MS, sleep, ...options }, wanted),
  };
}

/** Nothing else goes on in a process that waits for a lock. */
async function sleep(ms: number): Promise<void> {
  standStill(ms);
}

interface Contender extends Required<ClaimLockOptions> {
  self: ProcessIdentity;
}

async function acquire<T>(
  lock: Required<ClaimLockOptions>,
  wanted: AcquireOptions<T>,
): Promise<Acquisition<T>> {
  const contender = { ...lock, self: readProcessIdentity(lock.system) };
  const end = performance.now() + wanted.waitMs;
  for (let attempt = 0; ; attempt++) {
    // In this order: if the next number is still to be had after poll(), nobody has held the lock since.
    const last = readLastClaim(contender);
    const value = await wanted.poll?.();
    if (value !== undefined) return { outcome: 'ready', value };
    const failure = last.failure;
    if (failure && isOurs(failure, wanted, contender)) return { outcome: 'failed', failure };
    const own = last.isOver ? claimNext(contender, last.number) : null;
    if (own !== null) return { outcome: 'held', lock: holdLock(contender, own) };
    const leftMs = end - performance.now();
    if (leftMs <= 0) return { outcome: 'timeout' };
    await contender.sleep(Math.min(leftMs, nextSleep(attempt)));
  }
}

/**
 * Longer each time, for the sake of the machine; each contender differently, so that they do not
 * come back all at once.
 */
function nextSleep(attempt: number): number {
  const jitter = 1 - Math.random() / 3;
  return Math.max(
    SHORTEST_SLEEP_MS,
    jitter * Math.min(LONGEST_SLEEP_MS, SHORTEST_SLEEP_MS * 1.5 ** (attempt + 1)),
  );
}

/** The highest claim as a contender sees it. */
interface LastClaim {
  /** 0 if there is none yet. */
  number: number;
  /** Whether the next number may be tried for. */
  isOver: boolean;
  failure?: PublishedFailure | undefined;
}

function readLastClaim(contender: Contender): LastClaim {
  const number = highestClaim(contender);
  if (number === 0) return { number, isOver: true };
  const path = claimPath(contender, number);
  const text = readClaimText(path);
  if (text === null) return { number, isOver: false }; // Another has followed and removed it just now.
  const claim = parseClaim(text);
  if (claim === null) {
    const isOver = isOldFile(path, contender);
    if (!isOver && isForbidden(path)) throw forbidden(path);
    return { number, isOver };
  }
  return { number, isOver: isOver(claim, contender), failure: claim.failure };
}

/** Ours are never like that, so that waiting for a word of its owner is in vain. */
function forbidden(path: string): HelperError {
  return new HelperError(
    'busy',
    `the lock ${path} is closed to this user, who cannot tell whether it is held`,
    {
      hint: 'try again in a minute; if it stays so, see who makes that file',
    },
  );
}

/** For a claim that cannot be read: it may be one in the making, or of anybody. */
function isOldFile(path: string, contender: Contender): boolean {
  const writtenAt = claimWrittenAt(path);
  return writtenAt !== null && isOverdue(writtenAt + contender.claimLifeMs, contender);
}

/** Ids of claims that this process could not mark as free. */
const abandoned = new Set<string>();

function isOver(claim: Claim, contender: Contender): boolean {
  return (
    claim.free ||
    abandoned.has(claim.id) ||
    isOverdue(claim.deadline, contender) ||
    isCertainlyDead(claim, contender.self)
  );
}

/**
 * A deadline further ahead than any claim lives was written before the clock was set back. Twice as
 * far, so that a small correction, or a file server's clock, takes the lock from nobody.
 */
function isOverdue(deadline: number, contender: Contender): boolean {
  const leftMs = deadline - contender.system.now();
  return leftMs <= 0 || leftMs > 2 * contender.claimLifeMs;
}

function isOurs(failure: PublishedFailure, wanted: AcquireOptions<unknown>, contender: Contender): boolean {
  const since = wanted.adoptFailuresSince;
  return since !== undefined && isFailureSince(failure, since, contender.system.now());
}

interface OwnClaim {
  number: number;
  claim: Claim;
  text: string;
}

/** Our claim to the number after the last one, or null if another was faster. */
function claimNext(contender: Contender, last: number): OwnClaim | null {
  const claim: Claim = {
    ...contender.self,
    id: randomName(),
    deadline: contender.system.now() + contender.claimLifeMs,
    free: false,
  };
  const own = { number: last + 1, claim, text: JSON.stringify(claim) };
  const path = claimPath(contender, own.number);
  if (!createClaim(path, own.text)) return null;
  if (!isNextAfter(contender, last)) {
    removeFile(path);
    return null;
  }
  removeClaimsBelow(contender, own.number);
  return own;
}

/**
 * Between our look and our link() others may have come and gone and removed the claims up to ours:
 * then there is a higher one. The claim before ours must still be there too, for two cases in which
 * the list does not show it: a list that is not one moment's (large folders, file servers), and a
 * clearing away of old files after which the numbers began again at 1.
 */
function isNextAfter(contender: Contender, previous: number): boolean {
  if (highestClaim(contender) !== previous + 1) return false;
  return previous === 0 || claimWrittenAt(claimPath(contender, previous)) !== null;
}

function holdLock(contender: Contender, won: OwnClaim): HeldLock {
  let own: OwnClaim | null = won;
  return {
    isStillHeld() {
      if (own !== null) own = keepClaim(contender, own);
      return own !== null;
    },
    release(failure) {
      if (own !== null) freeClaim(contender, own, failure);
      own = null;
    },
  };
}

/** Our claim, or null if others have taken over. One with little time left is followed by our own next. */
function keepClaim(contender: Contender, own: OwnClaim): OwnClaim | null {
  if (!isHighest(contender, own)) return null;
  const leftMs = own.claim.deadline - contender.system.now();
  const isComfortable = leftMs > contender.claimLifeMs / 4 && leftMs <= contender.claimLifeMs;
  return isComfortable ? own : claimNext(contender, own.number);
}

function isHighest(contender: Contender, own: OwnClaim): boolean {
  try {
    return (
      highestClaim(contender) === own.number && readClaimText(claimPath(contender, own.number)) === own.text
    );
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

function freeClaim(contender: Contender, own: OwnClaim, failure: PublishedFailure | undefined): void {
  const freed: Claim = { ...own.claim, free: true, ...(failure && { failure }) };
  try {
    if (isHighest(contender, own)) writePrivateFile(claimPath(contender, own.number), JSON.stringify(freed));
  } catch {
    // A full or read-only disk. For others the claim ends with this process, which is about to end.
    abandoned.add(own.claim.id);
  }
}
