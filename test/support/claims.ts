import { credentialsOf, type Run } from './executable.ts';

/** The claims of a JWT, unverified. */
export function claimsOf(token: string | undefined): Record<string, unknown> {
  return JSON.parse(Buffer.from(token?.split('.')[1] ?? '', 'base64url').toString());
}

/** Whose token `get` answered with (`IBMid-anna`), or null for not-found. */
export function ownerOf(run: Run): unknown {
  const found = credentialsOf(run);
  return found && claimsOf(found.Secret)['iam_id'];
}
