import { type ChosenProfile, DEFAULT_PROFILE, profileFor } from '../config/profiles.ts';
import type { ProfileSettings } from '../config/settings.ts';
import type { ApiKeyCredential, Credential, SessionCredential, TokenCredential } from '../credential.ts';
import { HelperError, withHint } from '../errors.ts';
import { issuerForSettings, realmOf } from '../iam/endpoint.ts';
import { assumeGrant } from '../iam/grants.ts';
import { parseTrustedProfile, profileIdOf } from '../iam/trusted-profile.ts';
import type { RegistryHost } from '../registry-host.ts';
import { Secret } from '../secret.ts';
import { profileRecord } from '../stores/records.ts';
import { readApiKeyFile } from './api-key.ts';
import { requireAbsolute } from './profile-settings.ts';
import type { CredentialSource } from './source.ts';
import { type StoredContext, storedCredential } from './stored.ts';

/** What `login` stored for the profile of this registry, or what the settings have for it. */
export function profileLogin(context: StoredContext): CredentialSource {
  return {
    name: YOUR_LOGIN,
    nameFor: (host) => nameOfLogin(host, context),
    find: (host) => findInProfile(profileFor(host, context.settings, context.system.env), host, context),
  };
}

const YOUR_LOGIN = 'your login';

/** Who has one login, and no settings for it, need not have heard of profiles. */
function nameOfLogin(host: RegistryHost, { settings, system }: StoredContext): string {
  try {
    const { name } = profileFor(host, settings, system.env);
    const isPlain = name === DEFAULT_PROFILE && settings.profiles?.[name] === undefined;
    return isPlain ? YOUR_LOGIN : `the login of profile ${name}`;
  } catch {
    // No name of a profile: find() says so.
    return YOUR_LOGIN;
  }
}

/** The same for the profile that ICR_PROFILE names, before everything that is stored. */
export function chosenProfile(context: StoredContext): CredentialSource {
  return {
    name: 'the profile of ICR_PROFILE',
    overridesLogout: true,
    find: async (host) => {
      if (!context.system.env['ICR_PROFILE']) return null;
      return findInProfile(profileFor(host, context.settings, context.system.env), host, context);
    },
  };
}

/** The profile that somebody named for this one command, whatever else would answer. */
export function namedProfile(name: string, context: StoredContext): CredentialSource {
  return {
    name: `the profile ${name}`,
    overridesLogout: true,
    find: (host) => findInProfile({ name, by: 'option' }, host, context),
  };
}

/**
 * The first that is there:
 * 1. what a login stored
 * 2. the key file
 * 3. the identity of this machine; asked for nowhere but where the settings say so
 */
async function findInProfile(
  { name, by }: ChosenProfile,
  host: RegistryHost,
  context: StoredContext,
): Promise<Credential | null> {
  const settings = context.settings.profiles?.[name] ?? {};
  const { keyFile, computeIdentity, trustedProfile } = settings;
  const stored = (await context.store.record(profileRecord(name)))?.renewable;
  if (stored?.issuer && realmOf(stored.issuer) === host.realm)
    return inTrustedProfile(storedCredential(stored, profileRecord(name), host, context), name, settings);
  if (keyFile !== undefined) {
    const key = keyFileCredential(keyFile, name, host, context);
    return key && inTrustedProfile(key, name, settings);
  }
  if (computeIdentity !== undefined) {
    const { computeCredential } = await import('./compute-identity.ts');
    return computeCredential({ ...settings, computeIdentity, name }, host, context);
  }
  if (stored) return null;
  const hint = `run docker-credential-icr login --profile ${name}`;
  if (trustedProfile !== undefined) {
    throw new HelperError(
      'settings',
      `profiles.${name}.trustedProfile names ${trustedProfile}, but there is nothing to assume it`,
      { hint: `${hint}, or set keyFile or computeIdentity for it` },
    );
  }
  if (by === null) return null;
  throw new HelperError('settings', `there is no login for the profile ${name}${CHOSEN[by](host)}`, { hint });
}

const CHOSEN: Record<NonNullable<ChosenProfile['by']>, (host: RegistryHost) => string> = {
  option: () => '',
  variable: () => ', which ICR_PROFILE names',
  settings: ({ name }) => `, which the settings name for ${name}`,
};

function keyFileCredential(
  path: string,
  profile: string,
  host: RegistryHost,
  context: StoredContext,
): Credential | null {
  const where = `profiles.${profile}.keyFile`;
  const issuer = issuerForSettings(host, context);
  if (issuer === null) return null;
  requireAbsolute(path, where);
  const key = readApiKeyFile(path, where, context.system);
  const place = `in the file that ${where} names`;
  return { type: 'api-key', fingerprint: `value:${key}`, issuer, place, reveal: async () => new Secret(key) };
}

/**
 * The same, or the trusted profile that it is to assume. Where the settings name a compute identity
 * too, it is that one's trusted profile.
 */
export function inTrustedProfile(base: Credential, name: string, settings: ProfileSettings): Credential {
  if (settings.trustedProfile === undefined || settings.computeIdentity !== undefined) return base;
  if (base.type === 'api-key' || base.type === 'session')
    return assume(base, name, settings.trustedProfile, settings.account);
  throw new HelperError(
    'settings',
    `profiles.${name}.trustedProfile cannot be assumed by what is stored for the profile`,
    { hint: `log in with an API key: docker-credential-icr login --profile ${name}` },
  );
}

/** By a token of the base identity, which has to be one that the trusted profile trusts (npm ibm-cloud-sdk-core: IamAssumeTokenManager). */
function assume(
  base: ApiKeyCredential | SessionCredential,
  name: string,
  text: string,
  account: string | undefined,
): TokenCredential {
  const where = `profiles.${name}.trustedProfile`;
  const profile = parseTrustedProfile(text, account, where);
  if ('name' in profile && profile.account === undefined) {
    throw new HelperError('settings', `${where} is a name, which means something in one account only`, {
      hint: `set profiles.${name}.account to the id of the account, or give the id of the trusted profile`,
    });
  }
  const id = base.type === 'api-key' ? profileIdOf(profile) : null;
  return {
    type: 'token',
    fingerprint: JSON.stringify(['assume', base.fingerprint, profile]),
    issuer: base.issuer,
    loginHint: base.loginHint,
    shows: `the trusted profile ${text}, assumed by ${base.type === 'api-key' ? 'an API key' : 'a session'}`,
    base,
    obtain: async ({ base: tokens, exchange }) => {
      const grant = assumeGrant(new Secret(tokens?.accessToken ?? ''), profile);
      return withHint(
        exchange(grant, base.issuer),
        `check in IAM (Trusted profiles) that the trusted profile ${text} exists and trusts the identity of the login`,
      );
    },
    // IBM docs, "Automating access": with the API key of a service ID that the profile trusts.
    ...(id !== null &&
      base.type === 'api-key' && { keyLogin: { username: id, reveal: base.reveal, key: base } }),
  };
}
