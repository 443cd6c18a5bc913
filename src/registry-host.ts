/**
 * Which names belong to IBM Cloud Container Registry. Nothing but a `RegistryHost` made here may
 * lead to IAM, so this is the one place that decides who may get a token.
 *
 * Names: IBM Cloud docs, "Registry › Regions"; legacy names still resolve. New regions appear, so
 * regions are a pattern and not a list.
 */

/** The IAM that knows a registry's users: a production credential never serves staging. */
export type Realm = 'production' | 'staging';

export interface RegistryHost {
  /** Lower case, no port: `us.icr.io`. Only this file makes values of this type. */
  readonly name: string & { readonly brand: unique symbol };
  /** Repository below the host, as some clients (crane, cosign) send it; '' for none. */
  readonly path: string;
  readonly realm: Realm;
  /** Reached over IBM Cloud's private network: `private.us.icr.io`. */
  readonly isPrivate: boolean;
}

// Anchored, ASCII only, and without the URL parser on purpose: what would need normalising
// (punycode, full-width letters, user:password@, percent signs, backslashes) is not ours.
const SERVER_URL = /^(?:https:\/\/)?([a-z0-9.-]{1,253})(?::443)?(?:\/([a-z0-9._/:@-]{0,512}))?$/i;

const REGION = /^(?:private\.)?(?:[a-z]{2}\d?\.)?icr\.io$/;
const STAGING = /^(?:private\.)?stg\.icr\.io$/;
const LEGACY = /^registry\.(?:(?:ng|eu-gb|eu-de|au-syd)\.)?bluemix\.net$/;
/** The entitled registry and the blob store: the region pattern fits, IAM does not serve them. */
const NOT_IAM = /^(?:private\.)?(?:cp|dd)\d?\.icr\.io$/;

/** The ICR host that a server URL names, or null for everything else. Never throws. */
export function parseRegistryHost(serverURL: string): RegistryHost | null {
  const [, host, path = ''] = SERVER_URL.exec(serverURL) ?? [];
  if (host === undefined) return null;
  const name = host.toLowerCase();
  const realm = realmOf(name);
  return (
    realm && {
      name: name as RegistryHost['name'],
      path,
      realm,
      isPrivate: name.startsWith('private.'),
    }
  );
}

function realmOf(name: string): Realm | null {
  if (NOT_IAM.test(name)) return null;
  if (STAGING.test(name)) return 'staging';
  return REGION.test(name) || LEGACY.test(name) ? 'production' : null;
}

const REGIONS = ['us', 'uk', 'de', 'au', 'jp', 'jp2', 'ca', 'ca2', 'br', 'es', 'in', 'in2', 'fr2'];

/** The production hosts that are known today, public and private; others may be served all the same. */
export const ICR_HOSTS: readonly string[] = ['', ...REGIONS.map((region) => `${region}.`)].flatMap(
  (prefix) => [`${prefix}icr.io`, `private.${prefix}icr.io`],
);

/** With what a client or a person said below it: `us.icr.io/team`. */
export function fullName({ name, path }: RegistryHost): string {
  return path === '' ? name : `${name}/${path}`;
}

/** Namespaces have one part, repositories may have many; nobody logs in to more than these. */
const NAMED_PARTS = 2;

/** Under which something may be kept for it, the longest first: `us.icr.io/ns/app`, `us.icr.io/ns`, `us.icr.io`. */
export function namesOf({ name, path }: RegistryHost): string[] {
  const parts = path
    .split('/')
    .filter((part) => part !== '')
    .slice(0, NAMED_PARTS);
  return parts.map((_, index) => [name, ...parts.slice(0, parts.length - index)].join('/')).concat(name);
}
