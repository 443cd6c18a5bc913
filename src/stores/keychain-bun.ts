import { type BackendOptions, type KeychainBackend, noAnswer, SERVICE } from './secret-store.ts';

interface BunSecrets {
  get(entry: { service: string; name: string }): Promise<string | null>;
  set(entry: { service: string; name: string; value: string }): Promise<void>;
  delete(entry: { service: string; name: string }): Promise<boolean>;
}

/** What Bun stores with a secret in the Secret Service. */
const SCHEMA = 'com.oven-sh.bun.Secret';

/** Nothing else goes on meanwhile, not even the deadline of another: doctor's, where somebody may be typing. */
const LONGEST_BLOCK_MS = 3_000;

/**
 * Secret Service, macOS Keychain and Windows Credential Manager through the executable's runtime. The
 * Secret Service is asked directly where that may do.
 */
export function openKeychainBackend(options: BackendOptions): KeychainBackend {
  const { secrets } = (globalThis as unknown as { Bun: { secrets: BunSecrets } }).Bun;
  return {
    get: async (name) =>
      (await lookUp(name, options)) ?? orGone(() => secrets.get({ service: SERVICE, name })),
    set: (name, value) => orGone(() => secrets.set({ service: SERVICE, name, value })),
    delete: (name) => orGone(async () => void (await secrets.delete({ service: SERVICE, name }))),
  };
}

/** Null where libsecret has to be asked, which knows more ways: it prompts, for one. */
async function lookUp(name: string, { busPath, ms }: BackendOptions): Promise<string | null> {
  if (busPath === null) return null;
  const [{ lookUpSecret }, { BusTimeout }] = await Promise.all([
    import('./dbus/secret-service.ts'),
    import('./dbus/connection.ts'),
  ]);
  const attributes = { service: SERVICE, account: name, 'xdg:schema': SCHEMA };
  try {
    return lookUpSecret(attributes, busPath, Math.min(ms, LONGEST_BLOCK_MS));
  } catch (error) {
    if (error instanceof BusTimeout && ms <= LONGEST_BLOCK_MS) throw noAnswer(ms);
    return null;
  }
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
