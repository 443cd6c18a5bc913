import type { StoreKind } from './config/settings.ts';
import type { Http } from './http.ts';
import type { Grant } from './iam/grants.ts';
import type { Secret } from './secret.ts';
import type { Tokens } from './tokens.ts';

/** A long-lived secret or a finished answer, as a source found it. Secrets are read when needed. */
export type Credential =
  | ApiKeyCredential
  | SessionCredential
  | TokenCredential
  | ReadyCredential
  /** Logged out: an answer of its own, no other source is asked. */
  | { type: 'none' };

interface Issued {
  /** Stands for this secret in the token cache: changes when the secret changes. May be secret. */
  fingerprint: string;
  /** Base URL of the IAM that the secret may be sent to, or of what gives tokens in its place. */
  issuer: string;
  /** What to do where IAM says no and not why. */
  loginHint?: string | undefined;
}

/** What tokens are made from. */
export type Exchangeable = ApiKeyCredential | SessionCredential | TokenCredential;

/** An IAM API key of a user or a service ID. */
export interface ApiKeyCredential extends Issued {
  type: 'api-key';
  reveal(): Promise<Secret>;
  /** Where, for messages, if it is nothing that a login stored: "in ICR_API_KEY". */
  place?: string;
  /** Where refresh tokens made from it are kept; absent for keys that we do not store. */
  sessionPlace?: { store: StoreKind; name: string };
}

/** A refresh token that rotates: each use may replace it. */
export interface SessionCredential extends Issued {
  type: 'session';
  reveal(): Promise<Secret>;
  /** Keeps the successor, on disk when this returns. */
  replace(refreshToken: Secret): Promise<void>;
}

/**
 * What gives access tokens and nothing else: the identity of this machine, an assumed trusted
 * profile, the session of the ibmcloud CLI.
 */
export interface TokenCredential extends Issued {
  type: 'token';
  /** For messages, as in "NAME gives access tokens only". */
  shows: string;
  /** False: the tokens come from somewhere else, and there is no IAM at `issuer`. */
  asksIam?: false;
  /** One that is at hand and still good: nothing is asked, nothing is cached. */
  current?: Tokens;
  /** An access token of this identity that may have run out: only to show whose it is. */
  lastKnown?: string;
  /** What they are made from, where that is another credential: its tokens come first, from the cache or anew. */
  base?: Exchangeable;
  /** Throws what is known without asking anybody to keep it from making new ones. */
  checkOffline?(): void;
  /** Makes new ones, under the lock of their slot. Fails with `expired` where somebody has to log in again. */
  obtain(services: TokenServices): Promise<Tokens>;
  /** Good for a little longer, for where no new ones can be made. */
  spare?: Tokens;
  /** What it makes them from may be used up by that: one process of this home at a time, and none without the lock. */
  rotates?: true;
  /** Milliseconds for which a failure is not tried again, by any process; without it, each tries once. */
  failuresLastMs?: number;
  /** What ICR takes instead of a token, where there is something: `Profile-<uuid>` with an API key. */
  keyLogin?: { username: string; reveal(): Promise<Secret>; key: ApiKeyCredential };
}

/** What the making of tokens needs of the rest of the program. */
export interface TokenServices {
  exchange(grant: Grant, issuer: string): Promise<Tokens>;
  /** Of the credential's base, if it has one. */
  base?: Tokens;
  http: Http;
}

/** Handed out as it was stored. */
export interface ReadyCredential {
  type: 'ready';
  username: string;
  reveal(): Promise<Secret>;
}

/** What a user name says about the secret that comes with it (IBM docs: Registry, "Authenticating"). */
export type SecretKind =
  | 'api-key'
  | 'access-token'
  | 'refresh-token'
  | 'identity-token' // what ICR gave docker in exchange for a credential
  | 'verbatim'; // Profile-<uuid> with a service ID's API key, and names we know nothing of

export function secretKind(username: string): SecretKind {
  switch (username) {
    case 'iamapikey':
      return 'api-key';
    case 'iambearer':
      return 'access-token';
    case 'iamrefresh':
      return 'refresh-token';
    case '<token>':
      return 'identity-token';
    default:
      return 'verbatim';
  }
}
