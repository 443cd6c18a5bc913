import { HelperError } from '../errors.ts';

/** There is no keychain on this machine or in this session, as against one that gives no answer. */
export class NoKeychainError extends HelperError {
  constructor(reason: string, cause?: unknown) {
    super('store-unreachable', `the keychain cannot be reached: ${reason}`, { hint: KEYCHAIN_HINT, cause });
  }
}

export const KEYCHAIN_HINT =
  'run this inside the desktop session with the keyring unlocked, or run docker-credential-icr config set store file and log in again';
