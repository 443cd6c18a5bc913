import { bootId } from '../boot-id.ts';
import type { ComputeIdentity, ProfileSettings } from '../config/settings.ts';
import type { TokenCredential } from '../credential.ts';
import { HelperError, withHint } from '../errors.ts';
import { readComputeToken } from '../iam/compute-token.ts';
import { issuerForStored, requireIssuerForFiles } from '../iam/endpoint.ts';
import { crTokenGrant } from '../iam/grants.ts';
import {
  defaultMetadataUrl,
  type Instance,
  type InstanceKind,
  parseMetadataUrl,
  requestInstanceTokens,
} from '../iam/instance-metadata.ts';
import { parseTrustedProfile, type TrustedProfile } from '../iam/trusted-profile.ts';
import type { RegistryHost } from '../registry-host.ts';
import type { Secret } from '../secret.ts';
import { requireAbsolute } from './profile-settings.ts';
import type { StoredContext } from './stored.ts';

/** A profile of the settings that has one. */
export interface ComputeProfile extends ProfileSettings {
  computeIdentity: ComputeIdentity;
  name: string;
}

/** The identity of this machine, as the settings describe it. IBM's machines belong to the production IAM: nothing for staging. */
export function computeCredential(
  settings: ComputeProfile,
  host: RegistryHost,
  context: StoredContext,
): TokenCredential | null {
  if (host.realm !== 'production') return null;
  const { computeIdentity } = settings;
  const profile = trustedProfileOf(settings);
  if (computeIdentity === 'container') {
    if (profile === null) throw missingProfile(settings);
    const issuer = issuerForStored(host, context);
    requireIssuerForFiles(issuer);
    const file = tokenFileOf(settings);
    return containerCredential({
      token: () => readComputeToken(file),
      fingerprint: `file:${file?.path ?? ''}`,
      issuer,
      profile,
    });
  }
  if (profile === null && computeIdentity === 'power-vs') throw missingProfile(settings);
  const { metadataUrl, name } = settings;
  const url = metadataUrl ?? defaultMetadataUrl(computeIdentity);
  const instance = { kind: computeIdentity, url, profile };
  return instanceCredential(instance, `profiles.${name}.metadataUrl`, context.system.now);
}

function trustedProfileOf({ name, trustedProfile, account }: ComputeProfile): TrustedProfile | null {
  if (trustedProfile === undefined) return null;
  return parseTrustedProfile(trustedProfile, account, `profiles.${name}.trustedProfile`);
}

function tokenFileOf({ name, tokenFile }: ComputeProfile) {
  if (tokenFile === undefined) return null;
  const where = `profiles.${name}.tokenFile`;
  requireAbsolute(tokenFile, where);
  return { path: tokenFile, name: where };
}

function missingProfile({ name, computeIdentity }: ComputeProfile): HelperError {
  return new HelperError(
    'settings',
    `profiles.${name}.computeIdentity is ${computeIdentity}, but no trusted profile is named`,
    { hint: `set profiles.${name}.trustedProfile to the id, CRN or name of one that trusts this machine` },
  );
}

export interface Container {
  /** Read when it is needed: it is replaced every hour or so. */
  token(): Secret;
  /** What stands for the token in the cache. */
  fingerprint: string;
  issuer: string;
  profile: TrustedProfile;
}

export function containerCredential({ token, fingerprint, issuer, profile }: Container): TokenCredential {
  const named = describe(profile);
  return {
    type: 'token',
    fingerprint: JSON.stringify(['container', fingerprint, profile]),
    issuer,
    shows: `the compute identity of this container, trusted profile ${named}`,
    checkOffline: () => void token(),
    obtain: async ({ exchange }) =>
      // IAM has no codes for a profile that it does not know or that trusts somebody else.
      withHint(
        exchange(crTokenGrant(token(), profile), issuer),
        `check in IAM (Trusted profiles) that the trusted profile ${named} exists and trusts this cluster, namespace and service account`,
      ),
  };
}

const MACHINES: Record<InstanceKind, string> = {
  vpc: 'this virtual server (VPC)',
  'power-vs': 'this virtual server (Power)',
};

/** `where` says in messages who names the URL. */
export function instanceCredential(
  { kind, url, profile }: Instance,
  where: string,
  now: () => number,
): TokenCredential {
  const instance = { kind, url: parseMetadataUrl(url, where), profile };
  return {
    type: 'token',
    // The address is the same on all machines, and a cache may travel: shared homes, images of disks.
    fingerprint: JSON.stringify([kind, profile, bootId()]),
    issuer: instance.url,
    asksIam: false,
    shows: `the compute identity of ${MACHINES[kind]}, ${profile ? `trusted profile ${describe(profile)}` : 'its default trusted profile'}`,
    obtain: ({ http }) => requestInstanceTokens(instance, http, now),
  };
}

function describe(profile: TrustedProfile): string {
  if ('id' in profile) return profile.id;
  return 'crn' in profile ? profile.crn : profile.name;
}
