/** IAM's answer to a grant. */
export interface Tokens {
  accessToken: string;
  /** Only where IAM gave a real one (it says "not_supported" to callers without a client). */
  refreshToken?: string;
  /** When it came, by our clock, milliseconds since 1970. IAM's own times may be off from ours. */
  receivedAt: number;
  /** Life of the access token, seconds. 15, 20 and 60 minutes have been seen. */
  expiresIn: number;
}

/** Clients ask once and use the answer for a whole push: it should not run out meanwhile. */
const FRESH_SHARE = 0.75;
/** A token that others renew is taken until they do: IBM's SDKs when a fifth of its life is left. */
const ALIVE_SHARE = 0.2;
/** When IAM cannot be reached, this is better than nothing. */
const USABLE_MS = 60_000;

export function isFresh(tokens: Tokens, now: number): boolean {
  return remaining(tokens, now) >= tokens.expiresIn * 1000 * FRESH_SHARE;
}

export function isAlive(tokens: Tokens, now: number): boolean {
  return remaining(tokens, now) >= tokens.expiresIn * 1000 * ALIVE_SHARE;
}

export function isUsable(tokens: Tokens, now: number): boolean {
  return remaining(tokens, now) >= USABLE_MS;
}

/** Milliseconds left; nothing for a token from the future, whose age nobody can tell. */
function remaining(tokens: Tokens, now: number): number {
  if (tokens.receivedAt > now) return -1;
  return tokens.receivedAt + tokens.expiresIn * 1000 - now;
}

/** Seconds as a server may send them: JSON has room for numbers that are infinite once they are read (1e400). */
export function isLifetime(value: unknown): value is number {
  return typeof value === 'number' && value > 0 && Number.isFinite(value);
}

/** Parses what was sealed; null for anything else. */
export function parseTokens(text: string): Tokens | null {
  try {
    const value = JSON.parse(text) as Tokens;
    const sound =
      typeof value.accessToken === 'string' &&
      ['string', 'undefined'].includes(typeof value.refreshToken) &&
      Number.isFinite(value.receivedAt) &&
      Number.isFinite(value.expiresIn);
    return sound ? value : null;
  } catch {
    return null;
  }
}
