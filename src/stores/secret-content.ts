import { HelperError } from '../errors.ts';
import { parseObject } from '../json-object.ts';
import { Secret } from '../secret.ts';
import type { StoredSecret } from './records.ts';
import { placeName } from './secret-store.ts';

/** A secret with what it is; the issuer lies with it, so that a forged record cannot redirect it. */
export interface NewSecret {
  username: string;
  secret: Secret;
  issuer?: string;
}

/** What a store keeps of it, as JSON. */
export function formatSecret({ username, secret, issuer }: NewSecret): string {
  return JSON.stringify({ username, secret: secret.reveal(), ...(issuer !== undefined && { issuer }) });
}

/** The secret that a record names, from what its store gave. Fails with `store-damaged` where they do not fit. */
export function parseSecret(value: string, stored: StoredSecret): Secret {
  const { username, secret, issuer } = parseObject(value) ?? {};
  if (username !== stored.username || issuer !== stored.issuer || typeof secret !== 'string') {
    throw new HelperError('store-damaged', 'the record and the secret that it names do not fit each other', {
      hint: 'log in again',
    });
  }
  return new Secret(secret);
}

/** For a secret that a record names and its store does not have. */
export function missingSecret(stored: StoredSecret): HelperError {
  const where = placeName(stored.store);
  return new HelperError(
    'store-unreachable',
    `the secret for user name ${stored.username} is not in the ${where}`,
    {
      hint:
        stored.store === 'keychain' ? 'unlock the keyring that holds it, or log in again' : 'log in again',
    },
  );
}
