import type { Secret } from '../secret.ts';

/** A way to get tokens: what the form holds, and whether the caller names itself as a client. */
export interface Grant {
  /** For messages: what IAM was shown. */
  shows: 'API key' | 'refresh token';
  form: Record<string, string>;
  /** Only what the CLI's client got can be refreshed, and only by the same client. */
  asCliClient: boolean;
  /** Whether it may be shown again when nobody knows if IAM has seen it: a refresh token may be burnt. */
  repeatable: boolean;
  /** What must not come back in a message. */
  secret: Secret;
}

/** `withSession`: a real refresh token comes too; without a client IAM says "not_supported". */
export function apiKeyGrant(apiKey: Secret, withSession: boolean): Grant {
  return {
    shows: 'API key',
    form: { grant_type: 'urn:ibm:params:oauth:grant-type:apikey', apikey: apiKey.reveal() },
    asCliClient: withSession,
    repeatable: true,
    secret: apiKey,
  };
}

/** Refresh tokens of the CLI's client: `ibmcloud iam oauth-tokens` and our own. */
export function refreshTokenGrant(refreshToken: Secret): Grant {
  return {
    shows: 'refresh token',
    form: { grant_type: 'refresh_token', refresh_token: refreshToken.reveal() },
    asCliClient: true,
    repeatable: false,
    secret: refreshToken,
  };
}
