import type { KeyAndCertificate } from '../../support/certificates.ts';

/** Everything about the double that a test may set, at any time: `icr.tokenLifetime = 5`. */
export interface IcrSettings {
  /** Seconds that a registry token lives; ICR's own is not published. */
  tokenLifetime: number;
  /** Seconds that an identity token lives: what `docker login` stores in place of a password. */
  identityTokenLifetime: number;
  /** Whether identity tokens look like JWTs, which some clients try to read. */
  identityTokenIsJwt: boolean;
  /** IBM docs show 401 for wrong credentials and 400 in some places. */
  badCredentialStatus: 401 | 400;
  /** Accounts that may use private host names only (IBM docs, "Enforcing access over a private network"). */
  privateOnly: Set<string>;
  /** Accounts that have used up this month's pull traffic. */
  overPullQuota: Set<string>;
  /** Repositories that anyone may pull, as IBM's public images on icr.io. */
  publicRepositories: Set<string>;
  /** `iss` of registry tokens: docker-registry's `issuer` has to be the same. */
  issuer: string;
  /** Where blob downloads are redirected to (`dd2.icr.io`); null serves them directly. */
  blobHost: string | null;
  /** Limit of what a client can upload, for pushes that outlive a token; Infinity for none. */
  uploadBytesPerSecond: number;
}

export interface IcrOptions extends Partial<IcrSettings> {
  /** Signs registry tokens; needed as soon as somebody else has to verify them. */
  readonly signer?: KeyAndCertificate;
  /** `http://127.0.0.1:5000`: a plain docker-registry that keeps the images, in place of memory. */
  readonly upstream?: string;
}

export function defaultIcrSettings(): IcrSettings {
  return {
    tokenLifetime: 300,
    identityTokenLifetime: 12 * 3600,
    identityTokenIsJwt: false,
    badCredentialStatus: 401,
    privateOnly: new Set(),
    overPullQuota: new Set(),
    publicRepositories: new Set(),
    issuer: 'icr-double',
    blobHost: null,
    uploadBytesPerSecond: Number.POSITIVE_INFINITY,
  };
}
