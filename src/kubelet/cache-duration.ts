import type { Answer } from '../answer.ts';
import { secretKind } from '../credential.ts';
import { HelperError } from '../errors.ts';
import { decodeAccessToken } from '../iam/access-token.ts';

/** Of what is left of a token: the rest is for the pull that begins last. */
const HOLD_FROM = 0.6;
const HOLD_TO = 0.8;

/**
 * For how long the kubelet may keep an answer, milliseconds: never as long as it lives, and each
 * time another share of it, so that nodes which began together do not renew together. Null for what
 * does not run out: `defaultCacheDuration` of the kubelet's configuration counts.
 */
export function cacheDuration(answer: Answer, now: number, random: number): number | null {
  switch (secretKind(answer.username)) {
    case 'access-token': {
      const expiresAt = answer.expiresAt ?? expiryOf(answer);
      return expiresAt === null ? 0 : holdMs(expiresAt - now, random);
    }
    case 'refresh-token':
      // Nobody can tell its end: a session that was stored may be about to end.
      return 0;
    case 'identity-token':
      // What docker got from ICR: the container runtime would send it as a password.
      throw new HelperError(
        'bad-input',
        'what is stored is a session of docker, which a kubelet cannot use',
        {
          hint: 'log in with an API key, or name a key file in the settings',
        },
      );
    default:
      return null;
  }
}

/** `random` from 0 to 1. */
function holdMs(left: number, random: number): number {
  return Math.max(0, left * (HOLD_FROM + (HOLD_TO - HOLD_FROM) * random));
}

function expiryOf({ secret }: Answer): number | null {
  const claims = decodeAccessToken(secret.reveal());
  return claims && claims.expiresAt * 1000;
}
