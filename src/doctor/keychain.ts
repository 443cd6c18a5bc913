import type { App } from '../app.ts';
import type { StoreKind } from '../config/settings.ts';
import { HelperError } from '../errors.ts';
import { explain } from '../explain.ts';
import { randomName } from '../random-name.ts';
import { NoKeychainError } from '../stores/no-keychain.ts';
import type { SecretStore } from '../stores/secret-store.ts';
import { type Check, type Finding, failure, ok, skipped, warning } from './check.ts';

const UNLOCK =
  'unlock the keyring (log in to the desktop, or open its password manager), then run this again';

/** Whether the keychain keeps an entry: written, read and deleted for real. */
export const keychain: Check = {
  name: 'keychain',
  stuckHint: `${UNLOCK}; if it is unlocked, restart the keyring's service`,
  run: async ({ app }) => {
    const use = useOf(app);
    if (use === 'file') return [skipped('not used: the settings choose the file store')];
    try {
      await tryOut(await app.stores.keychain());
      return [ok('the keychain writes, reads and deletes')];
    } catch (error) {
      return [describe(error, use)];
    }
  },
};

/** Who needs the keychain: nobody (file), a record or the settings (keychain), or the next login. */
function useOf({ context }: App): StoreKind | null {
  const inKeychain = context.store
    .records()
    .some(({ renewable, session }) => [renewable?.store, session?.store].includes('keychain'));
  return inKeychain ? 'keychain' : (configuredStore(context) ?? null);
}

function configuredStore(context: App['context']): StoreKind | undefined {
  try {
    return context.settings.store;
  } catch {
    // The check of the settings says so.
    return undefined;
  }
}

async function tryOut(store: SecretStore): Promise<void> {
  const name = `doctor-${randomName().slice(0, 24)}`;
  const value = randomName();
  try {
    await store.set(name, value);
  } catch (error) {
    // Written late, after all? Not waited for: what does not answer now will not answer soon.
    store.delete(name).catch(() => {});
    throw error;
  }
  try {
    if ((await store.get(name)) === value) return;
    throw new HelperError('store-unreachable', 'the keychain does not give back what was written to it', {
      hint: "restart the keyring's service, then run this again",
    });
  } finally {
    await store.delete(name);
  }
}

export function describe(error: unknown, use: StoreKind | null): Finding {
  const { message } = explain(error);
  const hint = hintFor(message);
  if (use === 'keychain') return failure(message, { detail: 'stored secrets lie there', hint });
  // With one that is there but gives no answer, the next login fails in place of taking the file store.
  if (!(error instanceof NoKeychainError)) return failure(message, { hint });
  return warning(message, { detail: 'secrets are kept in sealed files in its place', hint });
}

const SERVER = 'on a server run docker-credential-icr config set store file, and log in again';

/** What the program, libsecret and the bus say, and what helps. */
const HINTS: readonly (readonly [RegExp, string])[] = [
  [
    /D-Bus session bus|DBUS_SESSION_BUS_ADDRESS/,
    `run this inside the desktop session (sudo, su and cron leave it), or under dbus-run-session; ${SERVER}`,
  ],
  [/libsecret/, `install libsecret (libsecret-1-0); ${SERVER}`],
  [/\.service files|ServiceUnknown/, `install and start a keyring (gnome-keyring, KWallet); ${SERVER}`],
  [/locked|prompt|dismiss/i, UNLOCK],
  [
    /no answer within/,
    `unlock the keyring; if it is unlocked, restart its service, it accepts calls and does not answer`,
  ],
];

function hintFor(message: string): string {
  return HINTS.find(([pattern]) => pattern.test(message))?.[1] ?? `${UNLOCK}; ${SERVER}`;
}
