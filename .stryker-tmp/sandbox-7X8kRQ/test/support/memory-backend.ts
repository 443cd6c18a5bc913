import type { KeychainBackend } from '../../src/stores/secret-store.ts';

/** A keychain in memory, with the limit of the narrowest real one (Windows: 1280 characters). */
export function createMemoryBackend(limit = 1280): KeychainBackend & { entries: Map<string, string> } {
  const entries = new Map<string, string>();
  return {
    entries,
    get: async (name) => entries.get(name) ?? null,
    set: async (name, value) => {
      if (value.length > limit) throw new Error('The stub received bad data');
      entries.set(name, value);
    },
    delete: async (name) => void entries.delete(name),
  };
}
