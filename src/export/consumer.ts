import type { Identity } from '../iam/identity.ts';
import type { Secret } from '../secret.ts';

/** What one registry is to be shown. */
export interface ExportedLogin {
  /** As clients name it: `us.icr.io`, `us.icr.io/team`, `https://index.docker.io/v1/`. */
  registry: string;
  /** The same without a namespace. */
  server: string;
  username: string;
  secret: Secret;
  /** Whose API key it is, where the cache has a token that was made of it. */
  owner?: Identity;
}

/** One for each registry. */
export type Logins = readonly [ExportedLogin, ...ExportedLogin[]];

/** What only some consumers understand, as the command line has it. */
export interface ConsumerOptions {
  name?: string;
  namespace?: string;
  serviceAccount?: string;
  format?: string;
}

/** Somebody who cannot ask the helper and has to be given a login. */
export interface Consumer {
  /** What goes on using the login, as in "NOUN keeps it"; null where it is used at once. */
  keptIn: string | null;
  /** Takes several registries at once, or only one. */
  takesSeveral: boolean;
  /** Those of ConsumerOptions that it understands, by their names on the command line. */
  options: readonly string[];
  /** Refuses names that the consumer would not take (`bad-input`). */
  check?(options: ConsumerOptions): void;
  /** What it reads: the text of a file, with its secrets. */
  render(logins: Logins, options: ConsumerOptions): string;
  /**
   * What differs in that text from one login to the next: a file that is the same but for this is an
   * earlier export, and may be replaced. Null where nothing tells it from somebody else's file.
   */
  varies: RegExp | null;
  /** What to run when the text lies in this file, absolute; never with a secret in it. */
  next(file: string, logins: Logins, options: ConsumerOptions): string[];
  /** What the person should know before that. */
  caution?(options: ConsumerOptions): string | null;
}
