import { randomBytes } from 'node:crypto';
import { tellSecret } from '../witness.ts';
import type { Identity } from './identities.ts';

/** Every secret that was handed out, so that logs can name its owner in its place. */
export interface SecretOwners {
  remember(secret: string, owner: Identity): void;
  /** `[deployer]`; `[unknown]` for a string that this double never made. */
  label(secret: string): string;
}

export function createSecretOwners(): SecretOwners {
  const owners = new Map<string, string>();
  return {
    remember: (secret, owner) => {
      owners.set(secret, owner.name);
      tellSecret(secret, owner.name);
    },
    label: (secret) => `[${owners.get(secret) ?? 'unknown'}]`,
  };
}

/** Random, of this many characters of `[A-Za-z0-9_-]`. */
export function randomText(length: number): string {
  return randomBytes(length).toString('base64url').slice(0, length);
}
