import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomUUID,
  X509Certificate,
} from 'node:crypto';
import { type Claims, type JwtHeader, signJwt, verifyJwt } from '../jwt.ts';
import type { Scope } from './scopes.ts';
import type { IcrOptions, IcrSettings } from './settings.ts';

interface Signer {
  readonly header: JwtHeader;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

export type RegistryTokens = ReturnType<typeof createRegistryTokens>;

/** The tokens that `/v2/` takes (distribution, "Token authentication implementation"). */
export function createRegistryTokens(settings: IcrSettings, signer: IcrOptions['signer'], now: () => number) {
  const { header, privateKey, publicKey } = signer ? certifiedSigner(signer) : anonymousSigner();
  return {
    issue(subject: string, audience: string, access: readonly Scope[]): string {
      const iat = Math.floor(now() / 1000);
      const exp = iat + settings.tokenLifetime;
      const times = { exp, nbf: iat, iat };
      const claims = {
        iss: settings.issuer,
        sub: subject,
        aud: audience,
        ...times,
        jti: randomUUID(),
        access,
      };
      return signJwt(header, claims, privateKey);
    },
    /** What a token that is good now allows, or null. */
    accessOf(token: string): readonly Scope[] | null {
      const claims = verifyJwt(token, publicKey);
      return claims && isCurrent(claims, now()) ? (claims['access'] as Scope[]) : null;
    },
  };
}

function isCurrent(claims: Claims, now: number): boolean {
  return Number(claims['nbf']) * 1000 <= now && now < Number(claims['exp']) * 1000;
}

/** docker-registry 2.8 finds the key by the certificate in the header, and checks that it knows that. */
function certifiedSigner({ key, certificate }: NonNullable<IcrOptions['signer']>): Signer {
  const { raw } = new X509Certificate(certificate);
  const privateKey = createPrivateKey(key);
  const header = { typ: 'JWT', alg: 'ES256', x5c: [raw.toString('base64')] } as const;
  return { header, privateKey, publicKey: createPublicKey(privateKey) };
}

function anonymousSigner(): Signer {
  return { header: { typ: 'JWT', alg: 'ES256' }, ...generateKeyPairSync('ec', { namedCurve: 'P-256' }) };
}
