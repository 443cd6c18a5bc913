import type { StoreKind } from '../config/settings.ts';
import type { HelperError } from '../errors.ts';
import { randomName } from '../random-name.ts';
import type { Secret } from '../secret.ts';
import {
  announce,
  BUSY,
  beginChange,
  type Change,
  type ChangeOptions,
  changeRecord,
  discard,
  giveUp,
  underLock,
} from './change-record.ts';
import {
  type CredentialRecord,
  type DiscardedSecret,
  isNamed,
  type RecordName,
  type StoredSecret,
} from './records.ts';
import { formatSecret, missingSecret, type NewSecret, parseSecret } from './secret-content.ts';

export interface CredentialStoreOptions extends ChangeOptions {
  /** Where the settings want secrets to be, if they say. */
  preferred(): StoreKind | undefined;
  /** Where a new secret is going to be, as far as that is known before it is tried. */
  intended(): Promise<StoreKind>;
  /** Puts a new secret where new secrets go, and says where that is. */
  place(name: string, value: string): Promise<StoreKind>;
  /** For what is left undone and will be tried again. */
  warn(line: string): void;
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

type Work = Change<CredentialStoreOptions>;

export function createCredentialStore(options: CredentialStoreOptions): CredentialStore {
  const { records, stores } = options;
  const keepNamed = (id: string, store: StoreKind, name: string, value: string) =>
    underLock(beginChange(options), async () => {
      if (isNamed(id, records.all())) await (await stores[store]()).set(name, value);
    });
  return {
    record: records.read,
    records: records.all,
    reveal: async (stored) => {
      const value = await (await stores[stored.store]()).get(stored.id);
      if (value === null) throw missingSecret(stored);
      return parseSecret(value, stored);
    },
    renew: (stored, secret) =>
      keepNamed(stored.id, stored.store, stored.id, formatSecret({ ...stored, secret })),
    keepBeside: keepNamed,
    keep: (name, added, change) => keep(name, added, change, beginChange(options)),
    change: async (name, change) => {
      const [left] = await changeRecord(name, change, beginChange(options));
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

/** Places a new secret. No lock is held meanwhile: a keychain may ask the person for a password. */
async function add(name: RecordName, added: NewSecret, options: Work): Promise<PlacedSecret> {
  const { username, issuer } = added;
  const id = randomName();
  const until = await announce(name, { id, store: await options.intended(), username }, options);
  try {
    const store = await options.place(id, formatSecret(added));
    return { added: { id, store, username, ...(issuer !== undefined && { issuer }) }, until };
  } catch (error) {
    await giveUp(name, id, options);
    throw error;
  }
}
