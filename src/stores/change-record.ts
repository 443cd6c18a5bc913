import type { StoreKind } from '../config/settings.ts';
import { HelperError } from '../errors.ts';
import type { HeldLock, Lock } from '../lock/lock.ts';
import { NoKeychainError } from './no-keychain.ts';
import {
  type CredentialRecord,
  type DiscardedSecret,
  emptyRecord,
  isNamed,
  type RecordName,
  type Records,
  type StoredSecret,
  sessionName,
} from './records.ts';
import { placeName, type SecretStore } from './secret-store.ts';

/** Changes of the records take milliseconds; this is for all turns of one change together. */
const WAIT_MS = 13_000;
/** No keychain may take longer to take a secret, with a person at its prompt and every wait for the lock. */
const PLACING_MS = 120_000;

export interface ChangeOptions {
  records: Records;
  stores: Record<StoreKind, () => Promise<SecretStore>>;
  lock(): Promise<Lock>;
  /** Wall clock, milliseconds since 1970. */
  now(): number;
}

/** What one change works with: the options, and what is left of its waiting. */
export type Change<Options extends ChangeOptions = ChangeOptions> = Options & { leftMs: number };

export function beginChange<Options extends ChangeOptions>(options: Options): Change<Options> {
  return { ...options, leftMs: WAIT_MS };
}

/**
 * Says in a record that a secret is about to be placed, as one to be discarded: a crash before it is
 * named must not leave a secret behind that nobody knows of. Gives the moment until which others leave it
 * alone, milliseconds since 1970.
 */
export async function announce(name: RecordName, secret: StoredSecret, options: Change): Promise<number> {
  const { id, store, username } = secret;
  const pendingUntil = options.now() + PLACING_MS;
  await underLock(options, async (lock) => {
    const current = (await options.records.read(name)) ?? emptyRecord(name);
    const discarded = [...(current.discarded ?? []), { id, store, username, pendingUntil }];
    await write({ ...current, discarded }, lock, options);
  });
  return pendingUntil;
}

/** Takes back what was announced, and what a store took of it before it failed. */
export async function giveUp(name: RecordName, id: string, options: Change): Promise<void> {
  await changeRecord(name, unlessEmpty, options, id);
}

/**
 * In two steps, so that no store is waited for under the lock: the record is changed and says what
 * is to be discarded; that is deleted; the record forgets it. What could not be deleted is returned.
 * Secrets that others are just placing are left to them, except the one that is given up.
 */
export async function changeRecord(
  name: RecordName,
  change: (current: CredentialRecord) => CredentialRecord | null,
  options: Change,
  givenUp?: string,
): Promise<HelperError[]> {
  const { records } = options;
  const discarded = await underLock(options, async (lock) => {
    const current = (await records.read(name)) ?? emptyRecord(name);
    const next = change(current);
    const kept = [next?.renewable?.id, next?.session?.id];
    const gone = secretsOf(current).filter((secret) => !kept.includes(secret.id));
    const now = options.now();
    const others = gone.filter((secret) => secret.id !== givenUp && isBeingPlaced(secret, now));
    const ours = gone.filter((secret) => !others.includes(secret)).map(condemn);
    await write({ ...(next ?? emptyRecord(name)), discarded: [...others, ...ours] }, lock, options);
    return ours;
  });
  const failures = new Map<string, HelperError>();
  for (const secret of discarded) {
    const failure = isNamed(secret.id, records.all()) ? null : await discard(secret, options);
    if (failure) failures.set(secret.id, failure);
  }
  const deleted = discarded.filter(({ id }) => !failures.has(id)).map(({ id }) => id);
  if (deleted.length > 0) await forgetDiscarded(name, deleted, options);
  return [...failures.values()];
}

/** A time too far ahead is of a clock that was set back since. */
function isBeingPlaced({ pendingUntil = 0 }: DiscardedSecret, now: number): boolean {
  return now < pendingUntil && pendingUntil <= now + PLACING_MS;
}

/** From here on whoever announced it may not name it any more. */
function condemn(secret: DiscardedSecret): DiscardedSecret {
  return secret.pendingUntil === undefined ? secret : { ...secret, pendingUntil: 0 };
}

/** What is not forgotten now, for want of a turn, is deleted and forgotten by the next change. */
async function forgetDiscarded(name: RecordName, ids: string[], options: Change): Promise<void> {
  try {
    await underLock(options, async (lock) => {
      const current = await options.records.read(name);
      if (!current) return;
      const discarded = (current.discarded ?? []).filter(({ id }) => !ids.includes(id));
      await write({ ...current, discarded }, lock, options);
    });
  } catch (error) {
    if (error !== BUSY) throw error;
  }
}

/** Writes a record, or removes one that says nothing. */
async function write(record: CredentialRecord, lock: HeldLock, options: ChangeOptions): Promise<void> {
  if (!lock.isStillHeld()) throw BUSY;
  const { discarded = [], ...rest } = record;
  if (discarded.length > 0) return options.records.write(record);
  if (unlessEmpty(record)) return options.records.write(rest);
  return options.records.remove(record);
}

function unlessEmpty(record: CredentialRecord): CredentialRecord | null {
  return record.renewable || record.session || record.loggedOut ? record : null;
}

function secretsOf({ renewable, session, discarded }: CredentialRecord): DiscardedSecret[] {
  return [renewable, session, ...(discarded ?? [])].filter((secret) => secret !== undefined);
}

/** Deletes a secret with what was made from it; what stands in the way, or null. */
export async function discard(secret: DiscardedSecret, options: ChangeOptions): Promise<HelperError | null> {
  try {
    const store = await options.stores[secret.store]();
    await store.delete(secret.id);
    await store.delete(sessionName(secret.id));
    return null;
  } catch (error) {
    if (!(error instanceof HelperError)) throw error;
    // There is no keychain to have taken it: then it went into a file, if anywhere.
    if (secret.pendingUntil !== undefined && secret.store === 'keychain' && error instanceof NoKeychainError)
      return discard({ ...secret, store: 'file' }, options);
    const what = `a secret (user name ${secret.username}, entry ${secret.id}) is still in the ${placeName(secret.store)}`;
    return new HelperError(error.code, `${what}: ${error.message}`, {
      ...(error.hint !== undefined && { hint: error.hint }),
      cause: error,
    });
  }
}

export const BUSY = new HelperError('busy', 'another process is changing the stored credentials', {
  hint: 'try again in a minute',
});

export async function underLock<T>(options: Change, work: (lock: HeldLock) => Promise<T>): Promise<T> {
  const lock = await options.lock();
  const began = performance.now();
  const turn = await lock.acquire({ waitMs: Math.max(0, options.leftMs) });
  options.leftMs -= performance.now() - began;
  if (turn.outcome !== 'held') throw BUSY;
  try {
    return await work(turn.lock);
  } finally {
    turn.lock.release();
  }
}
