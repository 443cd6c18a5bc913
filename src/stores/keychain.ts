import { HelperError } from '../errors.ts';
import type { System } from '../system.ts';
import { withDeadline } from './deadline.ts';
import { KEYCHAIN_HINT, NoKeychainError } from './no-keychain.ts';
import { type BackendOptions, type KeychainBackend, noAnswer, type SecretStore } from './secret-store.ts';
import { findSessionBus, type SessionBus } from './session-bus.ts';

/** Long enough for a keychain that is well. */
const DEADLINE_MS = 3_000;
/** With a desktop somebody may be typing the password of the keyring. */
const DESKTOP_DEADLINE_MS = 60_000;

export interface KeychainOptions {
  system: System;
  openBackend(options: BackendOptions): Promise<KeychainBackend>;
}

/** The operating system's keychain, with a deadline and errors that say what to do. */
export function createKeychain({ system, openBackend }: KeychainOptions): SecretStore {
  const call = async <T>(work: (backend: KeychainBackend) => Promise<T>): Promise<T> => {
    const bus = findBus(system);
    if ('missing' in bus) throw new NoKeychainError(bus.missing);
    const ms = hasDesktop(system) ? DESKTOP_DEADLINE_MS : DEADLINE_MS;
    try {
      const backend = await openBackend({ busPath: bus.path, ms });
      return await withDeadline(work(backend), ms, () => noAnswer(ms));
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

/** Linux: asked before libsecret is loaded, whose own words for what is missing are translated. */
function findBus(system: System): SessionBus {
  const needsNone = system.platform === 'win32' || system.platform === 'darwin';
  return needsNone ? { path: null } : findSessionBus(system);
}

function hasDesktop(system: System): boolean {
  if (system.platform === 'win32') return true;
  if (system.platform === 'darwin') return system.env['SSH_CONNECTION'] === undefined;
  return Boolean(system.env['DISPLAY'] || system.env['WAYLAND_DISPLAY']);
}
