import type { TokenSlot } from '../cache/token-slot.ts';
import { parseTokens } from '../tokens.ts';
import type { SecretStore } from './secret-store.ts';

export interface SessionSlotOptions {
  name: string;
  store: SecretStore;
  /** Keeps a value under the name, as long as what it was made from is still stored. */
  keep(value: string): Promise<void>;
  openLock: TokenSlot['openLock'];
}

/**
 * A slot whose tokens lie in a secret store: refresh tokens open an account for days and do not
 * belong into the cache. Unlike the cache's it throws where its store does.
 */
export function createSessionSlot({ name, store, keep, openLock }: SessionSlotOptions): TokenSlot {
  return {
    read: async () => {
      const value = await store.get(name);
      return value === null ? null : parseTokens(value);
    },
    write: (tokens) => keep(JSON.stringify(tokens)),
    remove: () => store.delete(name),
    openLock,
  };
}
