import type { Identity } from '../iam/identities.ts';
import { randomText } from '../iam/secrets.ts';
import { tellSecret } from '../witness.ts';
import type { IcrSettings } from './settings.ts';

export type IdentityTokens = ReturnType<typeof createIdentityTokens>;

/** What ICR gives for offline access: clients store it, under the user name `<token>`, as a password. */
export function createIdentityTokens(settings: IcrSettings, now: () => number) {
  const tokens = new Map<string, { readonly owner: Identity; readonly expiresAt: number }>();
  return {
    issue(owner: Identity): string {
      const token = settings.identityTokenIsJwt
        ? `eyJ${randomText(97)}.${randomText(300)}.${randomText(342)}`
        : randomText(1027);
      tokens.set(token, { owner, expiresAt: now() + settings.identityTokenLifetime * 1000 });
      tellSecret(token, owner.name);
      return token;
    },
    ownerOf(token: string): Identity | null {
      const found = tokens.get(token);
      return found && found.expiresAt > now() ? found.owner : null;
    },
    revokeAll: () => tokens.clear(),
  };
}
