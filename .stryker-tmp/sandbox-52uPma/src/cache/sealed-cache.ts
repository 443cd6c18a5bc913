import { lstatSync, readdirSync } from 'node:fs';
import { makePrivateFolder, readSmallFile, removeFile, writePrivateFile } from '../files.ts';
import { readOrRemakeKeyFile } from '../key-file.ts';
import type { Lock } from '../lock/lock.ts';
import { importSealingKey, KEY_BYTES, type SealingKey, seal, unseal } from '../sealing.ts';
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

/** No token lives for so long: what is older was left behind by a key that is gone. */
const STALE_MS = 24 * 60 * 60 * 1000;

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
  return readOrRemakeKeyFile({ ...location.key, bytes: CACHE_KEY_BYTES }, system);
}

async function openSlot(identity: SlotIdentity, options: SealedCacheOptions): Promise<TokenSlot> {
  const { location, system } = options;
  const raw = await findKey(options);
  const key = await importSealingKey(raw.slice(0, KEY_BYTES));
  const name = await entryName(raw.slice(KEY_BYTES), identity);
  const file = `${location.folder}/${name}.token`;
  return {
    read: () => readEntry(file, name, key),
    write: async (tokens) => {
      try {
        makePrivateFolder(location.folder, system);
        // Never a refresh token: it opens an account for days, and would outlive a logout here.
        const { refreshToken: _, ...rest } = tokens;
        writePrivateFile(file, await seal(key, name, JSON.stringify(rest)));
        removeStale(location.folder, system.now());
      } catch {
        // As above: not cached.
      }
    },
    remove: async () => void removeFile(file),
    openLock: async () => {
      try {
        makePrivateFolder(location.folder, system);
        return await options.loadLock(location.folder, name);
      } catch {
        return null;
      }
    },
  };
}

async function readEntry(file: string, name: string, key: SealingKey): Promise<Tokens | null> {
  try {
    const sealed = readSmallFile(file);
    const content = sealed && (await unseal(key, name, sealed));
    return content ? parseTokens(content) : null;
  } catch {
    return null;
  }
}

async function entryName(raw: Uint8Array<ArrayBuffer>, identity: SlotIdentity): Promise<string> {
  const key = await crypto.subtle.importKey('raw', raw, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  const parts = JSON.stringify([identity.credential, identity.issuer, identity.grant]);
  const mac = await crypto.subtle.sign('HMAC', key, new TextEncoder().encode(parts));
  return Buffer.from(mac, 0, 16).toString('hex');
}

/** After an exchange, off the hot path: entries and claims of credentials that are gone. */
function removeStale(folder: string, now: number): void {
  for (const name of readdirSync(folder)) {
    if (!/^[0-9a-f]{32}\./.test(name)) continue;
    const path = `${folder}/${name}`;
    if (now - lstatSync(path).mtimeMs > STALE_MS) removeFile(path);
  }
}
