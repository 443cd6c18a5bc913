import { type CacheLocation, locateCache } from './cache/location.ts';
import { createSealedCache } from './cache/sealed-cache.ts';
import { type GrantKind, NO_SLOT, type TokenSlot } from './cache/token-slot.ts';
import { findPaths, type Paths } from './config/paths.ts';
import { readSettings, type Settings, type StoreKind } from './config/settings.ts';
import type { Exchangeable } from './credential.ts';
import { withHint } from './errors.ts';
import { createHelper, type HelperOptions } from './helper.ts';
import type { Patience } from './iam/client.ts';
import type { PageName } from './iam/discovery.ts';
import type { Grant } from './iam/grants.ts';
import { isRotating, provideTokens } from './iam/token-provider.ts';
import type { CredentialHelper } from './protocol/helper.ts';
import type { RegistryHost } from './registry-host.ts';
import { createRoundTrips } from './round-trip.ts';
import type { Secret } from './secret.ts';
import { computeVariables, ibmVariables, ownVariables } from './sources/environment.ts';
import { ibmcloudSession } from './sources/ibmcloud-session.ts';
import { chosenProfile, profileLogin } from './sources/profile.ts';
import type { CredentialSource } from './sources/source.ts';
import { type StoredContext, storedLogin, storedSession } from './sources/stored.ts';
import { type CredentialStore, createCredentialStore } from './stores/credential-store.ts';
import { NO_RECORDS, openRecords } from './stores/records.ts';
import type { SecretStore } from './stores/secret-store.ts';
import type { System } from './system.ts';
import type { Tokens } from './tokens.ts';

/** Nobody waits longer for a pull to begin. */
const PATIENCE: Patience = { ms: 12_000, outlastsThrottling: true };

/**
 * Puts the parts together. What a warm `get` does not need is behind an import(): the network, the
 * lock, the stores. `patience` is what an exchange may take.
 */
export function createApp(system: System, patience = PATIENCE): App {
  const home = findHome(system);
  const stores = openStores(home.require, system);
  let settings: Settings | undefined;
  const placement = () => ({ ...home.require(), stores, configured: context.settings.store, system });
  const context: StoredContext = {
    system,
    // Read when first needed: other registries do not depend on them.
    get settings() {
      settings ??= home.paths ? readSettings(home.paths.settingsFile) : {};
      return settings;
    },
    store: createCredentialStore({
      records: home.paths ? openRecords(home.paths.dataFolder, system) : NO_RECORDS,
      stores,
      preferred: () => context.settings.store,
      intended: async () => (await import('./stores/placement.ts')).intendedStore(placement()),
      place: async (name, value) =>
        (await import('./stores/placement.ts')).placeSecret(name, value, placement()),
      lock: async () => (await import('./stores/open-locks.ts')).openStoreLock(home.require(), system),
      now: system.now,
      warn: system.warn,
    }),
  };
  const exchange = async (grant: Grant, issuer: string, ms = patience.ms) =>
    (await import('./network.ts')).exchange(grant, issuer, { ...patience, ms });
  const openSlot = createSlots(home.require, stores, context.store, system);
  const options: HelperOptions = {
    context,
    sources: orderedSources(context),
    provideTokens: (credential, grant) => {
      const tokens = provideTokens(credential, grant, {
        openSlot,
        exchange,
        wakeNetwork: async () => (await import('./network.ts')).wakeTls(),
        http: async (request) => (await import('./network.ts')).http(request),
        now: system.now,
        startedAt: system.startedAt,
        patienceMs: patience.ms,
      });
      return credential.loginHint === undefined ? tokens : withHint(tokens, credential.loginHint);
    },
    forgetTokens: async (credential) => (await openSlot(credential, 'access-token')).remove(),
    roundTrips: createRoundTrips(system, () => locateCache(system).folder),
    loadLogin: async () => {
      const { login } = await import('./login.ts');
      return (credentials, host) => login(credentials, host, { ...options, identifySession });
    },
  };
  return {
    helper: createHelper(options),
    ...options,
    get paths() {
      return home.require();
    },
    stores,
    openSlot,
    exchange,
    discover: async (page, issuer) => (await import('./network.ts')).discover(page, issuer),
    revoke: async (refreshToken, issuer) => (await import('./network.ts')).revoke(refreshToken, issuer),
    identifySession,
    cacheLocation: () => locateCache(system),
  };
}

interface Home {
  /** Null where this user has no home: a key from the environment works all the same. */
  paths: Paths | null;
  /** Throws what is wrong with the home. */
  require(): Paths;
}

function findHome(system: System): Home {
  try {
    const paths = findPaths(system);
    return { paths, require: () => paths };
  } catch (error) {
    return {
      paths: null,
      require: () => {
        throw error;
      },
    };
  }
}

/** The parts, for the verbs and for the commands of people. */
export interface App extends HelperOptions {
  helper: CredentialHelper;
  paths: Paths;
  stores: Stores;
  openSlot(credential: Exchangeable, grant: GrantKind): Promise<TokenSlot>;
  /** One exchange, past every cache. */
  exchange(grant: Grant, issuer: string): Promise<Tokens>;
  /** A page that IAM names for people, if it may be trusted. */
  discover(page: PageName, issuer: string): Promise<URL>;
  /** Ends a session at IAM. */
  revoke(refreshToken: Secret, issuer: string): Promise<void>;
  identifySession(session: Secret, host: RegistryHost): Promise<string | null>;
  cacheLocation(): CacheLocation;
}

/**
 * The first that has something for the registry answers:
 * 1. our own variables, explicit and for this call: a key, or the profile to take
 * 2. what a client or a login stored for this registry, if it can be renewed; a logout stops here
 * 3. what a login stored for the profile of this registry, or else the profile's key file or the
 *    identity of this machine that the settings name for it
 * 4. the variables of IBM's tools: keys, then the identity of this machine
 * 5. the session of the ibmcloud CLI
 * 6. short-lived things that clients stored
 * What runs out (5 and 6) makes room for the next when it has; anything else that is broken ends the search.
 */
function orderedSources(context: StoredContext): CredentialSource[] {
  return [
    ownVariables(context),
    chosenProfile(context),
    storedLogin(context),
    profileLogin(context),
    ibmVariables(context),
    computeVariables(context),
    ibmcloudSession(context),
    storedSession(context),
  ];
}

export type Stores = Record<StoreKind, () => Promise<SecretStore>>;

function openStores(paths: () => Paths, system: System): Stores {
  return {
    keychain: async () => (await import('./stores/open-keychain.ts')).openKeychain(paths(), system),
    file: async () => (await import('./stores/open-file-store.ts')).openFileStore(paths(), system),
  };
}

/**
 * Where the tokens of a credential lie: access tokens sealed in the cache; refresh tokens beside the
 * secret that they were made from, or nowhere.
 */
function createSlots(paths: () => Paths, stores: Stores, store: CredentialStore, system: System) {
  return async (credential: Exchangeable, grant: GrantKind): Promise<TokenSlot> => {
    const { fingerprint, issuer } = credential;
    if (grant === 'access-token') {
      const slot = await openCache(stores, system).open({ credential: fingerprint, issuer, grant });
      if (!isRotating(credential)) return slot;
      // A session is one for all caches of this home: they must not renew it at once.
      const openLock = async () =>
        (await import('./stores/open-locks.ts')).openSessionLock(fingerprint, paths(), system);
      return { ...slot, openLock };
    }
    const place = credential.type === 'api-key' ? credential.sessionPlace : undefined;
    if (!place) return NO_SLOT;
    const { createSessionSlot } = await import('./stores/session-slot.ts');
    const { openSessionLock } = await import('./stores/open-locks.ts');
    return createSessionSlot({
      name: place.name,
      store: await stores[place.store](),
      keep: (value) => store.keepBeside(fingerprint, place.store, place.name, value),
      openLock: async () => openSessionLock(fingerprint, paths(), system),
    });
  };
}

function openCache(stores: Stores, system: System) {
  const loadLock = async (folder: string, name: string) => {
    const { createClaimLock } = await import('./lock/claim-lock.ts');
    return createClaimLock({ folder, name, system });
  };
  const keychainKey = async (bytes: number) => {
    const { readOrMakeKeychainKey } = await import('./stores/keychain-key.ts');
    return readOrMakeKeychainKey('cache-key', bytes, await stores.keychain());
  };
  try {
    return createSealedCache({ location: locateCache(system), system, loadLock, keychainKey });
  } catch {
    // No home and no runtime folder.
    return { open: async () => NO_SLOT };
  }
}

async function identifySession(session: Secret, host: RegistryHost): Promise<string | null> {
  return (await import('./network.ts')).identifySession(session, host);
}
