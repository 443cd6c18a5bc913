import { HelperError } from '../errors.ts';
import { identityOf } from '../iam/identity.ts';
import type { Tokens } from '../tokens.ts';

/**
 * ICR takes the id of a trusted profile as a user name with the key of a service ID only (IBM docs:
 * Registry, "Automating access"). `tokens` are the key's; fails with `bad-input` for a user's.
 */
export function requireServiceId({ accessToken }: Tokens, username: string): void {
  const identity = identityOf(accessToken);
  if (identity?.kind !== 'user') return;
  throw new HelperError(
    'bad-input',
    `ICR takes the user name ${username} with the API key of a service ID only, and this is the key of ${identity.name}, a user`,
    {
      hint: 'log in with the API key of a service ID that the trusted profile trusts, or use the kind iambearer',
    },
  );
}
