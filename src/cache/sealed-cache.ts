import { isHelperError } from '../errors.ts';
import { hmacSha256 } from '../hash.ts';
import { type KeyFile, readKeyFile } from '../key-file.ts';
import type { Lock } from '../lock/lock.ts';
import { readSmallFile } from '../read-file.ts';
import { importSealingKey, KEY_BYTES, type SealingKey, unseal } from '../sealing.ts';
import type { System } from '../system.ts';
import { parseTokens, type Tokens } from '../tokens.ts';
import type { CacheLocation } from './location.ts';
import { NO_SLOT, type SlotIdentity, type TokenCache, type TokenSlot } from './token-slot.ts';

export interface SealedCacheOptions {
  location: CacheLocation;
  system: System;
  /** Loaded only when a token has to be made. */
  loadLock(folder: string, name: string): Promise<Lock>;
  /** Asked only where the key does not lie in a file. */
  keychainKey(bytes: number): Promise<Uint8Array<ArrayBuffer>>;
}

/** Tokens in sealed files, named by an HMAC that tells nobody else whose they are. */
export function createSealedCache(options: SealedCacheOptions): TokenCache {
  return {
    open: async (identity) => {
      try {
        return await openSlot(identity, options);
      } catch {
        // Read-only, full, another user's: the answer is worth more than the cache.
        return NO_SLOT;
      }
    },
  };
}

/** First half: seals the entries. Second half: names them. */
const CACHE_KEY_BYTES = 2 * KEY_BYTES;

async function findKey({
  location,
  system,
  keychainKey,
}: SealedCacheOptions): Promise<Uint8Array<ArrayBuffer>> {
  if (!location.key) return keychainKey(CACHE_KEY_BYTES);
  const file = { ...location.key, bytes: CACHE_KEY_BYTES };
  const known = readIfSound(file, system);
  if (known) return known;
  const { readOrRemakeKeyFile } = await import('../make-key-file.ts');
  return readOrRemakeKeyFile(file, system);
}

/** Null also for a damaged one, which is made anew. */
function readIfSound(file: KeyFile, system: System): Uint8Array<ArrayBuffer> | null {
  try {
    return readKeyFile(file, system);
  } catch (error) {
    if (isHelperError(error, 'store-damaged')) return null;
    throw error;
  }
}

async function openSlot(identity: SlotIdentity, options: SealedCacheOptions): Promise<TokenSlot> {
  const { location, system } = options;
  const raw = await findKey(options);
  const name = entryName(raw.subarray(KEY_BYTES), identity);
  const file = `${location.folder}/${name}.token`;
  const key = () => importSealingKey(raw.slice(0, KEY_BYTES));
  return {
    read: () => readEntry(file, name, key),
    write: async (tokens) => {
      try {
        const { writeEntry } = await import('./write-entry.ts');
        await writeEntry({ folder: location.folder, file, name, key: await key() }, tokens, system);
      } catch {
        // As above: not cached.
      }
    },
    remove: async () => {
      const { removeFile } = await import('../files.ts');
      removeFile(file);
    },
    openLock: async () => {
      try {
        const { makePrivateFolder } = await import('../files.ts');
        makePrivateFolder(location.folder, system);
        return await options.loadLock(location.folder, name);
      } catch {
        return null;
      }
    },
  };
}

async function readEntry(file: string, name: string, key: () => Promise<SealingKey>): Promise<Tokens | null> {
  try {
    const sealed = readSmallFile(file);
    const content = sealed && (await unseal(await key(), name, sealed));
    return content ? parseTokens(content) : null;
  } catch {
    return null;
  }
}

/** 128 of the 256 bits: enough that no two are the same. */
function entryName(key: Uint8Array, { credential, issuer, grant }: SlotIdentity): string {
  return hmacSha256(key, JSON.stringify([credential, issuer, grant])).slice(0, 32);
}
