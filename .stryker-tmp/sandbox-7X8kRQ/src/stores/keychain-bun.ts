import type { KeychainBackend } from './secret-store.ts';
import { SERVICE } from './secret-store.ts';

interface BunSecrets {
  get(entry: { service: string; name: string }): Promise<string | null>;
  set(entry: { service: string; name: string; value: string }): Promise<void>;
  delete(entry: { service: string; name: string }): Promise<boolean>;
}

/** Secret Service, macOS Keychain and Windows Credential Manager through the executable's runtime. */
export function openKeychainBackend(): KeychainBackend {
  const { secrets } = (globalThis as unknown as { Bun: { secrets: BunSecrets } }).Bun;
  return {
    get: (name) => secrets.get({ service: SERVICE, name }),
    set: (name, value) => secrets.set({ service: SERVICE, name, value }),
    delete: async (name) => void (await secrets.delete({ service: SERVICE, name })),
  };
}
