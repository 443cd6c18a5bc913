import type { Secret } from '../secret.ts';
import { profileFields, type TrustedProfile } from './trusted-profile.ts';

/** A way to get tokens: what the form holds, and whether the caller names itself as a client. */
export interface Grant {
  /** For messages: what IAM was shown. */
  shows:
    | 'API key'
    | 'refresh token'
    | 'one-time passcode'
    | 'authorization code'
    | 'compute resource token'
    | 'access token';
  /** For messages too: where it lies, if a new login would not take its place. */
  place?: string;
  form: Record<string, string>;
  /** Only what the CLI's client got can be refreshed, and only by the same client. */
  asCliClient: boolean;
  /** Whether it may be shown again when nobody knows if IAM has seen it: a refresh token may be burnt. */
  repeatable: boolean;
  /** What must not come back in a message. */
  secret: Secret;
}

/** `withSession`: a real refresh token comes too; without a client IAM says "not_supported". */
export function apiKeyGrant(apiKey: Secret, withSession: boolean, place?: string): Grant {
  return {
    shows: 'API key',
    ...(place !== undefined && { place }),
    form: {
      grant_type: 'urn:ibm:params:oauth:grant-type:apikey',
      // What IBM's SDKs and CLI send, and IAM takes for granted.
      response_type: 'cloud_iam',
      apikey: apiKey.reveal(),
    },
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

/** What `login --sso` asks for; good for one try. */
export function passcodeGrant(passcode: Secret): Grant {
  return {
    shows: 'one-time passcode',
    form: { grant_type: 'urn:ibm:params:oauth:grant-type:passcode', passcode: passcode.reveal() },
    asCliClient: true,
    repeatable: false,
    secret: passcode,
  };
}

/** What the browser brought back (RFC 6749, 4.1.3, with RFC 7636); good for one try. */
export function authorizationCodeGrant(code: Secret, redirectUri: string, verifier: Secret): Grant {
  return {
    shows: 'authorization code',
    form: {
      grant_type: 'authorization_code',
      code: code.reveal(),
      redirect_uri: redirectUri,
      code_verifier: verifier.reveal(),
    },
    asCliClient: true,
    repeatable: false,
    secret: code,
  };
}

/** The token that a container in IBM Cloud is given, for a trusted profile that is linked to it. */
export function crTokenGrant(crToken: Secret, profile: TrustedProfile): Grant {
  return {
    shows: 'compute resource token',
    form: {
      grant_type: 'urn:ibm:params:oauth:grant-type:cr-token',
      cr_token: crToken.reveal(),
      ...profileFields(profile),
    },
    asCliClient: false,
    repeatable: true,
    secret: crToken,
  };
}

/** A trusted profile that trusts the identity of an access token. */
export function assumeGrant(accessToken: Secret, profile: TrustedProfile): Grant {
  return {
    shows: 'access token',
    form: {
      grant_type: 'urn:ibm:params:oauth:grant-type:assume',
      access_token: accessToken.reveal(),
      ...profileFields(profile),
    },
    asCliClient: false,
    repeatable: true,
    secret: accessToken,
  };
}
