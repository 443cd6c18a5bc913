export type Claims = Record<string, unknown>;

/** The claims of a JWT, unverified; null for anything else. */
export function claimsOf(token: unknown): Claims | null {
  const parts = String(token).split('.');
  if (parts.length !== 3) return null;
  try {
    const claims = JSON.parse(Buffer.from(parts[1] ?? '', 'base64url').toString('utf8'));
    return typeof claims === 'object' && claims !== null ? claims : null;
  } catch {
    return null;
  }
}
