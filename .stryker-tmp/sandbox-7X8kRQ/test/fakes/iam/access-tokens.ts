import { createHash, generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import { type Claims, signJwt, verifyJwt } from '../jwt.ts';
import type { Identity } from './identities.ts';
import type { SecretOwners } from './secrets.ts';
import { type IamSettings, seconds } from './settings.ts';

export interface TokenOptions {
  readonly grantType: string;
  /** null: the grant came without a client, which tokens call `default`. */
  readonly client?: string | null;
  readonly account?: string;
  readonly sessionId?: string;
  /** Who assumed the trusted profile. */
  readonly assumedBy?: Identity;
}

export interface IssuedToken {
  readonly token: string;
  /** The token's own `exp`: the answer's must be the same second. */
  readonly expiration: number;
}

interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

/** One pair for the process: making one takes 50 to 300 ms, and unit tests make many doubles. */
let shared: KeyPair | null = null;

function signingKeys(): KeyPair {
  shared ??= generateKeyPairSync('rsa', { modulusLength: 2048 });
  return shared;
}

export type AccessTokens = ReturnType<typeof createAccessTokens>;

/** Real RS256 tokens: SDKs decode them, and ICR's double checks the signature. */
export function createAccessTokens(settings: IamSettings, secrets: SecretOwners) {
  return {
    issue(identity: Identity, options: TokenOptions): IssuedToken {
      const claims = { ...identityClaims(identity), ...sessionClaims(identity, options, settings) };
      const token = signJwt({ kid: keyId(), alg: 'RS256' }, claims, signingKeys().privateKey);
      secrets.remember(token, identity);
      return { token, expiration: claims.exp };
    },
    /** The claims of a token of this IAM that has not run out, or null. */
    verify(token: string): Claims | null {
      const claims = verifyJwt(token, signingKeys().publicKey);
      if (claims?.['iss'] !== settings.issuer) return null;
      return Number(claims['exp']) > seconds(settings) ? claims : null;
    },
    keySet: () => ({
      keys: [
        { ...signingKeys().publicKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid: keyId() },
      ],
    }),
  };
}

function keyId(): string {
  const spki = signingKeys().publicKey.export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(spki).digest('hex').slice(0, 12);
}

function identityClaims(identity: Identity): Claims {
  const { iamId, id, subject, name, email } = identity;
  const [given = name, family = ''] = name.split(' ');
  const common = { iam_id: iamId, id: iamId, sub: subject, name };
  switch (identity.kind) {
    case 'user':
      return { ...common, realmid: 'IBMid', identifier: id, given_name: given, family_name: family, email };
    case 'service-id':
      return { ...common, realmid: 'iam', identifier: id, sub_type: 'ServiceId' };
    case 'profile':
      return { ...common, realmid: 'iam', identifier: id, sub_type: 'Profile' };
  }
}

function sessionClaims(identity: Identity, options: TokenOptions, settings: IamSettings) {
  const { grantType, client, account = identity.account, sessionId, assumedBy = identity } = options;
  const iat = seconds(settings);
  return {
    jti: randomUUID(),
    ...(sessionId && { session_id: sessionId }),
    authn: { sub: assumedBy.subject, iam_id: assumedBy.iamId, name: assumedBy.name },
    account: { boundary: 'global', valid: true, bss: account, frozen: true },
    iat,
    exp: iat + settings.tokenLifetime,
    iss: settings.issuer,
    grant_type: grantType,
    scope: 'ibm openid',
    client_id: client ?? 'default',
    acr: 1,
    amr: ['pwd'],
  };
}
