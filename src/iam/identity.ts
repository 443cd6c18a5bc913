import { oneLine } from '../one-line.ts';
import { decodeAccessToken } from './access-token.ts';

/** Whose a token is, for people. */
export interface Identity {
  kind: 'user' | 'service ID' | 'trusted profile';
  /** An address for users, a given name for the others; the id where IAM gives no name. */
  name: string;
  iamId: string;
  /** Account id, '' if the token is bound to none. */
  account: string;
  /** Seconds since 1970. */
  expiresAt: number;
}

/** Reads an access token; null if it is none of IAM's. Nobody has verified it: each part is one line. */
export function identityOf(accessToken: string): Identity | null {
  const claims = decodeAccessToken(accessToken);
  if (!claims) return null;
  const [name = '', iamId = '', account = ''] = [claims.name, claims.iamId, claims.account].map(oneLine);
  return { kind: kindOf(iamId), name, iamId, account, expiresAt: claims.expiresAt };
}

/** IBM docs: IAM ids of users begin with their realm (`IBMid-`), those of the others with `iam-`. */
function kindOf(iamId: string): Identity['kind'] {
  if (iamId.startsWith('iam-ServiceId-')) return 'service ID';
  return iamId.startsWith('iam-Profile-') ? 'trusted profile' : 'user';
}
