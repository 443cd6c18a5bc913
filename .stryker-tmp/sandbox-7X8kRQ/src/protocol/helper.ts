import type { Credentials } from './wire.ts';

/** What a credential helper does; the protocol knows nothing else of it. */
export interface CredentialHelper {
  /** The credentials for a registry, or null if there are none. */
  get(serverURL: string): Promise<Credentials | null>;
  store(credentials: Credentials): Promise<void>;
  /** Erasing what is not there is no error. */
  erase(serverURL: string): Promise<void>;
  /** Username by server URL; offline. */
  list(): Promise<Record<string, string>>;
}