import type { StoreKind } from '../config/settings.ts';

/** A place for secrets by name. All methods fail with `store-unreachable` where it gives no answer. */
export interface SecretStore {
  readonly kind: StoreKind;
  /** Null if there is nothing under this name. */
  get(name: string): Promise<string | null>;
  /** On disk, or in the keychain's hands, when this returns. */
  set(name: string, value: string): Promise<void>;
  /** Deleting what is not there is no error. */
  delete(name: string): Promise<void>;
}

/** The operating system's keychain, as a runtime reaches it; its errors are of any kind. */
export interface KeychainBackend {
  get(name: string): Promise<string | null>;
  set(name: string, value: string): Promise<void>;
  delete(name: string): Promise<void>;
}

export interface BackendOptions {
  /** Linux: the socket of the session bus, where it is known (session-bus.ts). */
  busPath: string | null;
  /** For one answer; the caller does not wait longer. */
  ms: number;
}

export function noAnswer(ms: number): Error {
  return new Error(`no answer within ${ms / 1000} s`);
}

/** Under which all our entries stand in the keychain. */
export const SERVICE = 'docker-credential-icr';

/** For messages. */
export function placeName(store: StoreKind): string {
  return store === 'keychain' ? 'keychain' : 'file store';
}
