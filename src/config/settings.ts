import { HelperError } from '../errors.ts';
import { isObject } from '../json-object.ts';
import { isMissing, readSmallFile, textOf } from '../read-file.ts';
import { namesOf, type RegistryHost } from '../registry-host.ts';
import type { System } from '../system.ts';
import { profileFor } from './profiles.ts';

/** What `get` may answer for an ICR host. */
export const CREDENTIAL_KINDS = ['iambearer', 'iamapikey', 'iamrefresh'] as const;
export type CredentialKind = (typeof CREDENTIAL_KINDS)[number];

/** Containers in IBM Cloud (IKS, OpenShift, Code Engine), and virtual servers of VPC and Power. */
export const COMPUTE_IDENTITIES = ['container', 'vpc', 'power-vs'] as const;
export type ComputeIdentity = (typeof COMPUTE_IDENTITIES)[number];

export const STORE_KINDS = ['keychain', 'file'] as const;
export type StoreKind = (typeof STORE_KINDS)[number];

/** The settings file, as it stands; docs/settings.md describes it. */
export interface Settings {
  credentialKind?: CredentialKind;
  /** Base URL of IAM, for every credential. */
  iamEndpoint?: string;
  /** Base URL of IAM for the private names of ICR (`private.us.icr.io`); without it the same as for the others. */
  privateIamEndpoint?: string;
  /** False: the session of the ibmcloud CLI is left alone. */
  ibmcloudSession?: boolean;
  /** Where new secrets go; without it the keychain where there is one. */
  store?: StoreKind;
  /** By host name, or host name and namespace (`us.icr.io/team`), lower case. */
  registries?: Record<string, RegistrySettings>;
  /** By name. */
  profiles?: Record<string, ProfileSettings>;
}

export interface RegistrySettings {
  credentialKind?: CredentialKind;
  /** Who answers, if nothing is stored for the registry itself. */
  profile?: string;
}

export interface ProfileSettings {
  credentialKind?: CredentialKind;
  /** A file with an API key, absolute; for profiles that nobody logged in to. */
  keyFile?: string;
  /** Where this machine gets an identity of its own; asked only where this says so. */
  computeIdentity?: ComputeIdentity;
  /** The file with the compute resource token of a container, absolute, if it is not in a usual place. */
  tokenFile?: string;
  /** Base URL of the instance metadata service, if it is not the usual one. */
  metadataUrl?: string;
  /** The trusted profile to become: its id (`Profile-…`), CRN or name. Without `computeIdentity` the profile's key assumes it. */
  trustedProfile?: string;
  /** Id of the account that the name of a trusted profile belongs to. */
  account?: string;
}

/** Reads the settings; no file is the same as an empty one, a wrong one is a `settings` error. */
export function readSettings(path: string): Settings {
  return checkSettings(readSettingsFile(path), path);
}

/** What stands in the file, whatever it is worth: to mend it. Fails with `settings` for what is no JSON object. */
export function readSettingsFile(path: string): Record<string, unknown> {
  const file = readFile(path);
  if (file === null) return {};
  let value: unknown;
  try {
    value = JSON.parse(textOf(file));
  } catch (cause) {
    throw wrong(path, `not JSON (${(cause as Error).message})`);
  }
  if (!isObject(value)) throw wrong(path, 'not a JSON object');
  return value;
}

function readFile(path: string): Uint8Array | null {
  try {
    return readSmallFile(path);
  } catch (cause) {
    if (isMissing(cause)) return null;
    const { code, message } = cause as NodeJS.ErrnoException;
    const isForbidden = code === 'EACCES' || code === 'EPERM';
    throw wrong(
      path,
      `cannot be read (${code ?? message})`,
      isForbidden ? 'check its permissions and owner, and those of the folders above it' : undefined,
    );
  }
}

/** Throws a `settings` error for what the program could not work with; unknown keys are nobody’s business here. */
export function checkSettings(value: unknown, path: string): Settings {
  if (!isObject(value)) throw wrong(path, 'not a JSON object');
  requireOneOf(value, 'credentialKind', CREDENTIAL_KINDS, path);
  requireOneOf(value, 'store', STORE_KINDS, path);
  requireText(value, 'iamEndpoint', path);
  requireText(value, 'privateIamEndpoint', path);
  requireBoolean(value, 'ibmcloudSession', path);
  for (const settings of members(value, 'registries', path)) {
    requireOneOf(settings, 'credentialKind', CREDENTIAL_KINDS, path);
    requireText(settings, 'profile', path);
  }
  for (const settings of members(value, 'profiles', path)) {
    requireOneOf(settings, 'credentialKind', CREDENTIAL_KINDS, path);
    requireOneOf(settings, 'computeIdentity', COMPUTE_IDENTITIES, path);
    for (const key of PROFILE_TEXTS) requireText(settings, key, path);
  }
  return value as Settings;
}

const PROFILE_TEXTS = ['keyFile', 'tokenFile', 'metadataUrl', 'trustedProfile', 'account'] as const;

function requireOneOf(
  object: Record<string, unknown>,
  key: string,
  values: readonly string[],
  path: string,
): void {
  const value = object[key];
  if (value === undefined || (typeof value === 'string' && values.includes(value))) return;
  throw wrong(path, `${key} is ${JSON.stringify(value)}, not one of ${values.join(', ')}`);
}

function requireText(object: Record<string, unknown>, key: string, path: string): void {
  if (object[key] !== undefined && typeof object[key] !== 'string')
    throw wrong(path, `${key} is not a string`);
}

function requireBoolean(object: Record<string, unknown>, key: string, path: string): void {
  if (object[key] !== undefined && typeof object[key] !== 'boolean')
    throw wrong(path, `${key} is neither true nor false`);
}

function members(object: Record<string, unknown>, key: string, path: string): Record<string, unknown>[] {
  const value = object[key] ?? {};
  if (!isObject(value)) throw wrong(path, `${key} is not an object`);
  return Object.entries(value).map(([name, member]) => {
    if (!isObject(member)) throw wrong(path, `${key}.${name} is not an object`);
    return member;
  });
}

function wrong(path: string, problem: string, hint = 'correct it or remove it'): HelperError {
  return new HelperError('settings', `the settings file ${path}: ${problem}`, { hint });
}

/** The kind for a registry: the variable, its own setting, its profile's, the global one, or a token. */
export function credentialKindFor(
  host: RegistryHost,
  settings: Settings,
  env: System['env'],
): CredentialKind {
  if (env['ICR_CREDENTIAL_KIND']) return parseKind(env['ICR_CREDENTIAL_KIND']);
  const own = namesOf(host).map((name) => settings.registries?.[name]?.credentialKind);
  const profile = settings.profiles?.[profileFor(host, settings, env).name]?.credentialKind;
  return own.find((kind) => kind !== undefined) ?? profile ?? settings.credentialKind ?? 'iambearer';
}

function parseKind(value: string): CredentialKind {
  const kind = CREDENTIAL_KINDS.find((known) => known === value);
  if (kind) return kind;
  throw new HelperError('bad-input', `ICR_CREDENTIAL_KIND is ${JSON.stringify(value)}`, {
    hint: `set it to one of ${CREDENTIAL_KINDS.join(', ')}, or unset it`,
  });
}
