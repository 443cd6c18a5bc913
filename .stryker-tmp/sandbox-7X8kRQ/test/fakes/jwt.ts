import { type KeyObject, sign, verify } from 'node:crypto';

export interface JwtHeader {
  readonly alg: 'RS256' | 'ES256';
  readonly kid?: string;
  readonly typ?: 'JWT';
  /** RFC 7515, 4.1.6: the signing certificate, base64 DER (not base64url). */
  readonly x5c?: readonly string[];
}

export type Claims = Readonly<Record<string, unknown>>;

/** RFC 7518, 3.4: ES256 is the bare r and s, not the DER that node makes; RSA ignores the setting. */
const ENCODING = { dsaEncoding: 'ieee-p1363' } as const;

export function signJwt(header: JwtHeader, claims: Claims, key: KeyObject): string {
  const input = `${encode(header)}.${encode(claims)}`;
  return `${input}.${sign('sha256', Buffer.from(input), { key, ...ENCODING }).toString('base64url')}`;
}

/** The claims, or null if the signature is not by this key. Times are the caller's to check. */
export function verifyJwt(token: string, key: KeyObject): Claims | null {
  const [header, claims, signature, ...rest] = token.split('.');
  if (!header || !claims || !signature || rest.length > 0) return null;
  const given = Buffer.from(signature, 'base64url');
  if (!verify('sha256', Buffer.from(`${header}.${claims}`), { key, ...ENCODING }, given)) return null;
  return JSON.parse(Buffer.from(claims, 'base64url').toString('utf8'));
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}
