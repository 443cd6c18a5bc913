import { HelperError } from '../errors.ts';
import { io } from '../io.ts';
import type { System } from '../system.ts';
import { withDeadline } from './deadline.ts';
import { KEYCHAIN_HINT, NoKeychainError } from './no-keychain.ts';
import type { KeychainBackend, SecretStore } from './secret-store.ts';

/** Long enough for a keychain that is well. */
const DEADLINE_MS = 3_000;
/** With a desktop somebody may be typing the password of the keyring. */
const DESKTOP_DEADLINE_MS = 60_000;

export interface KeychainOptions {
  system: System;
  openBackend(): Promise<KeychainBackend>;
}

/** The operating system's keychain, with a deadline and errors that say what to do. */
export function createKeychain({ system, openBackend }: KeychainOptions): SecretStore {
  const call = async <T>(work: (backend: KeychainBackend) => Promise<T>): Promise<T> => {
    const missing = missingPart(system);
    if (missing) throw new NoKeychainError(missing);
    const ms = hasDesktop(system) ? DESKTOP_DEADLINE_MS : DEADLINE_MS;
    try {
      const backend = await openBackend();
      return await withDeadline(work(backend), ms, () => new Error(`no answer within ${ms / 1000} s`));
    } catch (error) {
      throw keychainError(error);
    }
  };
  return {
    kind: 'keychain',
    get: (name) => call((backend) => backend.get(name)),
    set: (name, value) => call((backend) => backend.set(name, value)),
    delete: (name) => call((backend) => backend.delete(name)),
  };
}

function keychainError(error: unknown): HelperError {
  if (error instanceof HelperError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  // What libsecret's loader and the bus daemon say; neither is translated.
  const absent = /libsecret not available|was not provided by any \.service files|ServiceUnknown/.test(
    reason,
  );
  if (absent) return new NoKeychainError(reason, error);
  return new HelperError('store-unreachable', `the keychain gives no answer: ${reason.slice(0, 200)}`, {
    hint: KEYCHAIN_HINT,
    cause: error,
  });
}

/** Linux: asked before libsecret is loaded, whose own words for this are translated. */
function missingPart(system: System): string | null {
  if (system.platform === 'win32' || system.platform === 'darwin') return null;
  const address = system.env['DBUS_SESSION_BUS_ADDRESS'];
  if (!address) {
    // Where libdbus and GIO look when there is no variable.
    const runtime = system.env['XDG_RUNTIME_DIR'];
    return runtime && exists(`${runtime}/bus`) ? null : 'there is no D-Bus session bus';
  }
  // Others than sockets of this machine run programs (unixexec:) or leave the machine (tcp:).
  const elements = address.split(';').filter((element) => element !== '');
  if (!elements.every((element) => element.startsWith('unix:')))
    return 'DBUS_SESSION_BUS_ADDRESS names no socket of this machine';
  const paths = elements.map((element) => /(?:^unix:|,)path=([^,]+)/.exec(element)?.[1]);
  const gone = paths.every((path) => path !== undefined && !exists(decodeURIComponent(path)));
  return gone ? `the D-Bus session bus ${paths[0]} is gone` : null;
}

function exists(path: string): boolean {
  return io.statusOf(path) !== null;
}

function hasDesktop(system: System): boolean {
  if (system.platform === 'win32') return true;
  if (system.platform === 'darwin') return system.env['SSH_CONNECTION'] === undefined;
  return Boolean(system.env['DISPLAY'] || system.env['WAYLAND_DISPLAY']);
}
