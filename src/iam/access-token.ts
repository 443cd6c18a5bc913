/** What an IAM access token says about whose it is (IBM docs: IAM, "Access tokens"). */
export interface TokenClaims {
  /** `IBMid-…`, `iam-ServiceId-…` or `iam-Profile-…`. */
  iamId: string;
  /** Account id; some tokens are bound to none. */
  account: string;
  /** A user's address, the name of a service ID or trusted profile; the IAM id where there is neither. */
  name: string;
  /** End of life, seconds since 1970, by IAM's clock. */
  expiresAt: number;
  /** When IAM made it, seconds since 1970; null where it does not say. */
  issuedAt: number | null;
}

/**
 * The claims of a JWT as IAM makes them, or null if it is none. Not verified: they decide what is
 * kept and shown, never what is trusted.
 */
export function decodeAccessToken(token: string): TokenClaims | null {
  const parts = token.split('.');
  if (parts.length !== 3) return null;
  try {
    const claims = JSON.parse(Buffer.from(parts[1] ?? '', 'base64url').toString('utf8'));
    if (typeof claims.iam_id !== 'string' || claims.iam_id === '' || !Number.isFinite(claims.exp))
      return null;
    const account = typeof claims.account?.bss === 'string' ? claims.account.bss : '';
    const issuedAt = Number.isFinite(claims.iat) ? claims.iat : null;
    const names = [claims.email, claims.name, claims.sub, claims.iam_id];
    const name = names.find((value) => typeof value === 'string' && value !== '');
    return { iamId: claims.iam_id, account, name, expiresAt: claims.exp, issuedAt };
  } catch {
    return null;
  }
}

export function isSameIdentity(one: TokenClaims, other: TokenClaims): boolean {
  return one.iamId === other.iamId && one.account === other.account;
}
