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
    get: (name) => orGone(() => secrets.get({ service: SERVICE, name })),
    set: (name, value) => orGone(() => secrets.set({ service: SERVICE, name, value })),
    delete: (name) => orGone(async () => void (await secrets.delete({ service: SERVICE, name }))),
  };
}

/**
 * Where the session bus closes the connection, GIO ends the whole process with a SIGTERM
 * (GDBusConnection:exit-on-close). During a call it ends the call, whoever sent it: the caller says so.
 */
async function orGone<T>(call: () => Promise<T>): Promise<T> {
  let stop = () => {};
  const gone = new Promise<never>((_, reject) => {
    stop = () => reject(new Error('the session bus is gone'));
  });
  process.on('SIGTERM', stop);
  try {
    return await Promise.race([call(), gone]);
  } finally {
    process.off('SIGTERM', stop);
  }
}
