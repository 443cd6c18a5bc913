import { STORE_KINDS, type StoreKind } from '../config/settings.ts';
import { HelperError } from '../errors.ts';
import { sha256 } from '../hash.ts';
import { io } from '../io.ts';
import { readSmallFile, textOf } from '../read-file.ts';
import { fullName, parseRegistryHost } from '../registry-host.ts';
import type { System } from '../system.ts';

/** One stored secret: where it lies and what it is. Never the secret itself. */
export interface StoredSecret {
  /** Random, new with each change: names the secret in its store and the token in the cache. */
  id: string;
  store: StoreKind;
  username: string;
  /** Base URL of the IAM that the secret belongs to; absent for registries other than ICR. */
  issuer?: string;
}

/** One that is to be deleted. */
export interface DiscardedSecret extends StoredSecret {
  /**
   * Milliseconds since 1970: announced before it was placed, and until then left to whoever places
   * it. 0: it took too long, and somebody else is deleting it.
   */
  pendingUntil?: number;
}

export interface StoredSession extends StoredSecret {
  /** Answers before the renewable secret: somebody logged in as another after that one was stored. */
  first: boolean;
  /** Seconds since 1970, where the secret says so itself. */
  expiresAt?: number;
}

/** What a record is about: a registry (ICR: the host's name, with a namespace or not; others: the server URL as given), or a profile. */
export interface RecordName {
  kind: 'registry' | 'profile';
  name: string;
}

export const registryRecord = (name: string): RecordName => ({ kind: 'registry', name });
export const profileRecord = (name: string): RecordName => ({ kind: 'profile', name });

/**
 * What is known of one registry or profile. No record, no question to any store: the record is what `get`
 * believes, so a secret that it names and the store does not give is an error.
 */
export interface CredentialRecord extends RecordName {
  version: 1;
  /** Somebody logged out: nothing else answers until somebody logs in. */
  loggedOut?: true;
  renewable?: StoredSecret;
  session?: StoredSession;
  /** Secrets that are to be deleted: a crash in between must not leave them behind unknown. */
  discarded?: DiscardedSecret[];
}

/** A record that names nothing. */
export function emptyRecord({ kind, name }: RecordName): CredentialRecord {
  return { version: 1, kind, name };
}

export function isNamed(id: string, records: CredentialRecord[]): boolean {
  return records.some(({ renewable, session }) => renewable?.id === id || session?.id === id);
}

/** Where tokens made from a secret lie that are too strong for the cache. */
export function sessionName(id: string): string {
  return `${id}.session`;
}

export interface Records {
  read(name: RecordName): Promise<CredentialRecord | null>;
  write(record: CredentialRecord): Promise<void>;
  remove(name: RecordName): Promise<void>;
  all(): CredentialRecord[];
}

/** Where there is no home: nothing is stored, and nothing can be. */
export const NO_RECORDS: Records = {
  read: async () => null,
  write: async () => {},
  remove: async () => {},
  all: () => [],
};

/** One 0600 file for each registry and profile. */
export function openRecords(dataFolder: string, system: System): Records {
  const path = (name: RecordName) => `${dataFolder}/${FOLDERS[name.kind]}/${fileName(name)}`;
  return {
    read: async (name) => {
      const file = path(name);
      const record = readRecord(file);
      // A hash is all that leads here for other registries.
      if (record && (record.kind !== name.kind || record.name !== name.name)) throw damaged(file);
      return record;
    },
    write: async (record) => {
      const { makePrivateFolder, writePrivateFile } = await import('../files.ts');
      makePrivateFolder(`${dataFolder}/${FOLDERS[record.kind]}`, system);
      writePrivateFile(path(record), `${JSON.stringify(record)}\n`, { durable: true });
    },
    remove: async (name) => {
      const { removeFile } = await import('../files.ts');
      removeFile(path(name), { durable: true });
    },
    all: () => Object.values(FOLDERS).flatMap((folder) => listRecords(`${dataFolder}/${folder}`)),
  };
}

const FOLDERS = { registry: 'registries', profile: 'profiles' } as const;

/** Readable for ICR hosts and profiles; other server URLs can be any text, of any length, in any case. */
function fileName({ kind, name }: RecordName): string {
  if (kind === 'profile') return `${encodeURIComponent(name)}.json`;
  const host = parseRegistryHost(name);
  const isPlain = host && name === fullName(host);
  // File names end at 255 bytes.
  if (isPlain && name.length <= 64) return `${encodeURIComponent(name)}.json`;
  return `other-${sha256(name)}.json`;
}

function listRecords(folder: string): CredentialRecord[] {
  let names: string[];
  try {
    names = io.list(folder);
  } catch {
    // Not there, or not for us to read: `list` failing breaks docker build.
    return [];
  }
  const files = names.filter((name) => name.endsWith('.json')).sort();
  return files.map((name) => readIfSound(`${folder}/${name}`)).filter((record) => record !== null);
}

/** One damaged record must not hide all the others: `list` failing breaks docker build. */
function readIfSound(file: string): CredentialRecord | null {
  try {
    return readRecord(file);
  } catch {
    return null;
  }
}

function readRecord(file: string): CredentialRecord | null {
  let content: Uint8Array | null;
  try {
    content = readSmallFile(file);
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? (cause as Error).message;
    throw new HelperError('store-unreachable', `${file} cannot be read (${reason})`, {
      hint: 'check who owns it and that this user may read it',
      cause,
    });
  }
  return content && parseRecord(textOf(content), file);
}

function parseRecord(text: string, file: string): CredentialRecord {
  try {
    const record: CredentialRecord = JSON.parse(text);
    const { version, kind, name, loggedOut, renewable, session, discarded = [] } = record;
    const isOurs =
      version === 1 && typeof kind === 'string' && Object.hasOwn(FOLDERS, kind) && typeof name === 'string';
    const secrets = [renewable, session, ...discarded];
    const times = [session?.expiresAt, ...discarded.map(({ pendingUntil }) => pendingUntil)];
    const flags = [loggedOut, session?.first];
    if (isOurs && secrets.every(isSound) && times.every(isNumber) && flags.every(isFlag)) return record;
  } catch {
    // Not JSON, or of another shape: the same to whoever has to mend it.
  }
  throw damaged(file);
}

function isSound(secret: StoredSecret | undefined): boolean {
  if (secret === undefined) return true;
  const { id, store, username, issuer } = secret;
  return (
    typeof id === 'string' &&
    /^[0-9a-f]{32}$/.test(id) &&
    STORE_KINDS.includes(store) &&
    typeof username === 'string' &&
    (issuer === undefined || (typeof issuer === 'string' && URL.canParse(issuer)))
  );
}

function isNumber(time: number | undefined): boolean {
  return time === undefined || Number.isFinite(time);
}

function isFlag(flag: boolean | undefined): boolean {
  return flag === undefined || typeof flag === 'boolean';
}

function damaged(file: string): HelperError {
  return new HelperError('store-damaged', `${file} is damaged`, { hint: 'remove it and log in again' });
}
