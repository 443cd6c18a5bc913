import { type ChosenProfile, profileFor } from '../config/profiles.ts';
import type { Credential, Exchangeable } from '../credential.ts';
import { secretKind } from '../credential.ts';
import { HelperError } from '../errors.ts';
import { type EndpointContext, issuerForStored, realmOf, requireKeyFileIssuer } from '../iam/endpoint.ts';
import { namesOf, type RegistryHost } from '../registry-host.ts';
import { Secret } from '../secret.ts';
import type { CredentialStore } from '../stores/credential-store.ts';
import { sessionName } from '../stores/credential-store.ts';
import {
  type CredentialRecord,
  profileRecord,
  registryRecord,
  type StoredSecret,
  type StoredSession,
} from '../stores/records.ts';
import { readApiKeyFile } from './api-key.ts';
import type { CredentialSource } from './source.ts';

export interface StoredContext extends EndpointContext {
  store: CredentialStore;
}

/** What a client or a login stored for this registry, or a namespace of it, and what can be renewed; or a logout. */
export function storedLogin(context: StoredContext): CredentialSource {
  return {
    name: 'the stored login',
    find: async (host) => {
      for (const name of namesOf(host)) {
        const record = await context.store.record(registryRecord(name));
        const session = record?.session;
        if (session?.first && isAlive(session, context)) return toCredential(session, host, context);
        if (record?.renewable) return toCredential(record.renewable, host, context);
        if (record?.loggedOut) return { type: 'none' };
      }
      return null;
    },
  };
}

/** What `login` stored for the profile of this registry, or the key file that the settings name for it. */
export function profileLogin(context: StoredContext): CredentialSource {
  return {
    name: 'the profile',
    find: (host) => findInProfile(profileFor(host, context.settings, context.system.env), host, context),
  };
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

async function findInProfile(
  { name, by }: ChosenProfile,
  host: RegistryHost,
  context: StoredContext,
): Promise<Credential | null> {
  const stored = (await context.store.record(profileRecord(name)))?.renewable;
  if (stored?.issuer && realmOf(stored.issuer) === host.realm) return toCredential(stored, host, context);
  const keyFile = context.settings.profiles?.[name]?.keyFile;
  if (keyFile !== undefined) return keyFileCredential(keyFile, name, host, context);
  if (by === null || stored) return null;
  throw new HelperError('settings', `there is no login for the profile ${name}${CHOSEN[by](host)}`, {
    hint: `run docker-credential-icr login --profile ${name}`,
  });
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
): Credential {
  const key = readApiKeyFile(path, `profiles.${profile}.keyFile`);
  const issuer = issuerForStored(host, context);
  requireKeyFileIssuer(issuer);
  return { type: 'api-key', fingerprint: `value:${key}`, issuer, reveal: async () => new Secret(key) };
}

/** What a client stored and what runs out: an access token, or ICR's identity token. */
export function storedSession(context: StoredContext): CredentialSource {
  return {
    name: 'the stored session',
    find: async (host) => {
      const record = await context.store.record(registryRecord(host.name));
      const session = record?.session;
      return session && isAlive(session, context) ? toCredential(session, host, context) : null;
    },
  };
}

/** What IAM makes tokens from, if that is what a record's renewable secret is. */
export function storedRenewable(
  record: CredentialRecord | null,
  host: RegistryHost,
  context: StoredContext,
): Exchangeable | null {
  const credential = record?.renewable ? toCredential(record.renewable, host, context) : null;
  return credential?.type === 'api-key' || credential?.type === 'session' ? credential : null;
}

function isAlive({ expiresAt }: StoredSession, { system }: StoredContext): boolean {
  return expiresAt === undefined || expiresAt * 1000 > system.now();
}

function toCredential(stored: StoredSecret, host: RegistryHost, context: StoredContext): Credential {
  const { store } = context;
  const reveal = () => store.reveal(stored);
  const issued = () => ({
    fingerprint: stored.id,
    issuer: issuerForStored(host, context, stored.issuer),
    reveal,
  });
  switch (secretKind(stored.username)) {
    case 'api-key':
      return {
        type: 'api-key',
        ...issued(),
        sessionPlace: { store: stored.store, name: sessionName(stored.id) },
      };
    case 'refresh-token':
      return { type: 'session', ...issued(), replace: (successor) => store.renew(stored, successor) };
    default:
      return { type: 'ready', username: stored.username, reveal };
  }
}
