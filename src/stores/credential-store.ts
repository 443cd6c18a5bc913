import type { StoreKind } from '../config/settings.ts';
import { HelperError } from '../errors.ts';
import { parseObject } from '../json-object.ts';
import type { HeldLock, Lock } from '../lock/lock.ts';
import { randomName } from '../random-name.ts';
import { Secret } from '../secret.ts';
import { NoKeychainError } from './no-keychain.ts';
import type { CredentialRecord, DiscardedSecret, RecordName, Records, StoredSecret } from './records.ts';
import type { SecretStore } from './secret-store.ts';

/** Changes of the records take milliseconds; this is for all turns of one change together. */
const WAIT_MS = 13_000;
/** No keychain may take longer to take a secret, with a person at its prompt and every wait for the lock. */
const PLACING_MS = 120_000;

export interface CredentialStoreOptions {
  records: Records;
  stores: Record<StoreKind, () => Promise<SecretStore>>;
  /** Where the settings want secrets to be, if they say. */
  preferred(): StoreKind | undefined;
  /** Where a new secret is going to be, as far as that is known before it is tried. */
  intended(): Promise<StoreKind>;
  /** Puts a new secret where new secrets go, and says where that is. */
  place(name: string, value: string): Promise<StoreKind>;
  lock(): Promise<Lock>;
  /** Wall clock, milliseconds since 1970. */
  now(): number;
  /** For what is left undone and will be tried again. */
  warn(line: string): void;
}

/** A secret with what it is; the issuer lies with it, so that a forged record cannot redirect it. */
export interface NewSecret {
  username: string;
  secret: Secret;
  issuer?: string;
}

/** Records and the secrets that they name, kept in step. */
export interface CredentialStore {
  record(name: RecordName): Promise<CredentialRecord | null>;
  records(): CredentialRecord[];
  /** The secret that a record names; an error where its store does not give it. */
  reveal(stored: StoredSecret): Promise<Secret>;
  /** Another value under the same id: the successor of a refresh token. Dropped if no record names it any more. */
  renew(stored: StoredSecret, secret: Secret): Promise<void>;
  /** Keeps something that was made from a stored secret beside it, as long as a record names that one. */
  keepBeside(id: string, store: StoreKind, name: string, value: string): Promise<void>;
  /** Keeps a new secret and changes the record so that it names it. */
  keep(
    name: RecordName,
    secret: NewSecret,
    change: (current: CredentialRecord, stored: StoredSecret) => CredentialRecord,
  ): Promise<void>;
  /**
   * Changes a record under the lock, and deletes the secrets that it no longer names. With null the
   * record goes too. Fails where a secret cannot be deleted; a later change of the record tries again.
   */
  change(name: RecordName, change: (current: CredentialRecord) => CredentialRecord | null): Promise<void>;
}

/** What one change works with: the options, and what is left of its waiting. */
interface Work extends CredentialStoreOptions {
  leftMs: number;
}

export function createCredentialStore(options: CredentialStoreOptions): CredentialStore {
  const { records, stores } = options;
  const begin = (): Work => ({ ...options, leftMs: WAIT_MS });
  const keepNamed = (id: string, store: StoreKind, name: string, value: string) =>
    underLock(begin(), async () => {
      if (isNamed(id, records.all())) await (await stores[store]()).set(name, value);
    });
  return {
    record: records.read,
    records: records.all,
    reveal: async (stored) => {
      const value = await (await stores[stored.store]()).get(stored.id);
      if (value === null) throw missing(stored);
      return parseSecret(value, stored);
    },
    renew: (stored, secret) =>
      keepNamed(stored.id, stored.store, stored.id, formatSecret({ ...stored, secret })),
    keepBeside: keepNamed,
    keep: (name, added, change) => keep(name, added, change, begin()),
    change: async (name, change) => {
      const [left] = await changeRecord(name, change, begin());
      if (left) throw left;
    },
  };
}

/** The same key for another region is the same credential: one secret, one token for both. */
async function findKnown(added: NewSecret, options: CredentialStoreOptions): Promise<StoredSecret | null> {
  if (added.issuer === undefined) return null;
  const { records, stores, preferred } = options;
  const candidates = new Map(records.all().map(({ renewable }) => [renewable?.id, renewable]));
  try {
    for (const stored of candidates.values()) {
      if (stored?.username !== added.username || stored.issuer !== added.issuer) continue;
      if ((preferred() ?? stored.store) !== stored.store) continue;
      if ((await (await stores[stored.store]()).get(stored.id)) === formatSecret(added)) return stored;
    }
  } catch {
    // A store that does not answer: kept anew, which says so where it matters.
  }
  return null;
}

async function keep(name: RecordName, added: NewSecret, change: NameSecret, options: Work): Promise<void> {
  const known = await findKnown(added, options);
  const left =
    (known && (await shareKnown(name, known, change, options))) ??
    (await nameAdded(name, await add(name, added, options), change, options));
  if (left.length > 0) options.warn(left.map(({ message }) => message).join('; '));
}

type NameSecret = (current: CredentialRecord, stored: StoredSecret) => CredentialRecord;

/** Null if the last record that named it was erased meanwhile: then it is on its way out. */
async function shareKnown(name: RecordName, known: StoredSecret, change: NameSecret, options: Work) {
  const gone = new Error('erased meanwhile');
  try {
    return await changeRecord(
      name,
      (current) => {
        if (!isNamed(known.id, options.records.all())) throw gone;
        return change(current, known);
      },
      options,
    );
  } catch (error) {
    if (error !== gone) throw error;
    return null;
  }
}

/** Names a secret that was announced and placed, unless somebody has taken the login for dead meanwhile. */
async function nameAdded(
  name: RecordName,
  { added, until }: PlacedSecret,
  change: NameSecret,
  options: Work,
): Promise<HelperError[]> {
  const isAnnounced = ({ id, pendingUntil }: DiscardedSecret) => id === added.id && pendingUntil === until;
  const nameIt = (current: CredentialRecord) => {
    if (!current.discarded?.some(isAnnounced)) throw BUSY;
    return change(current, added);
  };
  try {
    return await changeRecord(name, nameIt, options);
  } catch (error) {
    if (!isNamed(added.id, options.records.all())) await discard(added, options);
    throw error;
  }
}

interface PlacedSecret {
  added: StoredSecret;
  /** What it was announced with. */
  until: number;
}

/**
 * Places a new secret. The record says first that it is to be discarded: a crash before it is named
 * must not leave a secret behind that nobody knows of. No lock is held meanwhile: a keychain may ask
 * the person for a password.
 */
async function add(name: RecordName, added: NewSecret, options: Work): Promise<PlacedSecret> {
  const { username, issuer } = added;
  const id = randomName();
  const until = options.now() + PLACING_MS;
  const pending: DiscardedSecret = { id, store: await options.intended(), username, pendingUntil: until };
  await underLock(options, async (lock) => {
    const current = (await options.records.read(name)) ?? emptyRecord(name);
    await write({ ...current, discarded: [...(current.discarded ?? []), pending] }, lock, options);
  });
  try {
    const store = await options.place(id, formatSecret(added));
    return { added: { id, store, username, ...(issuer !== undefined && { issuer }) }, until };
  } catch (error) {
    // Back to what was there; what a store took before it failed goes too.
    await changeRecord(name, unlessEmpty, options, id);
    throw error;
  }
}

function unlessEmpty(record: CredentialRecord): CredentialRecord | null {
  return record.renewable || record.session || record.loggedOut ? record : null;
}

/**
 * In two steps, so that no store is waited for under the lock: the record is changed and says what
 * is to be discarded; that is deleted; the record forgets it. What could not be deleted is returned.
 * Secrets that others are just placing are left to them, except the one that is given up.
 */
async function changeRecord(
  name: RecordName,
  change: (current: CredentialRecord) => CredentialRecord | null,
  options: Work,
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
async function forgetDiscarded(name: RecordName, ids: string[], options: Work): Promise<void> {
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
async function write(
  record: CredentialRecord,
  lock: HeldLock,
  options: CredentialStoreOptions,
): Promise<void> {
  if (!lock.isStillHeld()) throw BUSY;
  const { discarded = [], ...rest } = record;
  if (discarded.length > 0) return options.records.write(record);
  if (unlessEmpty(record)) return options.records.write(rest);
  return options.records.remove(record);
}

/** A record that names nothing. */
export function emptyRecord({ kind, name }: RecordName): CredentialRecord {
  return { version: 1, kind, name };
}

function isNamed(id: string, records: CredentialRecord[]): boolean {
  return records.some(({ renewable, session }) => renewable?.id === id || session?.id === id);
}

function secretsOf({ renewable, session, discarded }: CredentialRecord): DiscardedSecret[] {
  return [renewable, session, ...(discarded ?? [])].filter((secret) => secret !== undefined);
}

/** Deletes a secret with what was made from it; what stands in the way, or null. */
async function discard(
  secret: DiscardedSecret,
  options: CredentialStoreOptions,
): Promise<HelperError | null> {
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
      hint: `${error.hint ?? ''}`,
      cause: error,
    });
  }
}

/** Where tokens made from a secret lie that are too strong for the cache. */
export function sessionName(id: string): string {
  return `${id}.session`;
}

const BUSY = new HelperError('busy', 'another process is changing the stored credentials', {
  hint: 'try again in a minute',
});

async function underLock<T>(options: Work, work: (lock: HeldLock) => Promise<T>): Promise<T> {
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

function formatSecret({ username, secret, issuer }: NewSecret): string {
  return JSON.stringify({ username, secret: secret.reveal(), ...(issuer !== undefined && { issuer }) });
}

function parseSecret(value: string, stored: StoredSecret): Secret {
  const { username, secret, issuer } = parseObject(value) ?? {};
  if (username !== stored.username || issuer !== stored.issuer || typeof secret !== 'string') {
    throw new HelperError('store-damaged', 'the record and the secret that it names do not fit each other', {
      hint: 'log in again',
    });
  }
  return new Secret(secret);
}

function missing(stored: StoredSecret): HelperError {
  const where = placeName(stored.store);
  return new HelperError(
    'store-unreachable',
    `the secret for user name ${stored.username} is not in the ${where}`,
    {
      hint:
        stored.store === 'keychain' ? 'unlock the keyring that holds it, or log in again' : 'log in again',
    },
  );
}

export function placeName(store: StoreKind): string {
  return store === 'keychain' ? 'keychain' : 'file store';
}
