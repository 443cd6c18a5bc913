import type { Lock } from '../lock/lock.ts';
import type { Tokens } from '../tokens.ts';

/** What is asked for: an access token, or a session with its refresh token. */
export type GrantKind = 'access-token' | 'session';

/** What makes one token another: whoever changes any of these gets another slot. */
export interface SlotIdentity {
  /** Id of a stored credential, or what stands for one from the environment; may be secret. */
  credential: string;
  /** Base URL of the IAM that makes the tokens. */
  issuer: string;
  grant: GrantKind;
}

/** The place of one identity's tokens, shared by all processes of a user. */
export interface TokenSlot {
  /** Null for none, a damaged one, or one that cannot be read: a cache never fails. */
  read(): Promise<Tokens | null>;
  /** What cannot be written is not cached. */
  write(tokens: Tokens): Promise<void>;
  /** Forgets the tokens; what is not there is no error. */
  remove(): Promise<void>;
  /** Held while a new token is made; null where processes cannot agree. */
  openLock(): Promise<Lock | null>;
}

export interface TokenCache {
  open(identity: SlotIdentity): Promise<TokenSlot>;
}

/** Where there is no place for a cache. */
export const NO_SLOT: TokenSlot = {
  read: async () => null,
  write: async () => {},
  remove: async () => {},
  openLock: async () => null,
};
