import { type Answer, answerWith } from './answer.ts';
import type { GrantKind } from './cache/token-slot.ts';
import { profileFor } from './config/profiles.ts';
import { type CredentialKind, credentialKindFor, type Settings } from './config/settings.ts';
import type { Exchangeable } from './credential.ts';
import { isHelperError } from './errors.ts';
import type { CredentialHelper } from './protocol/helper.ts';
import type { Credentials } from './protocol/wire.ts';
import { ICR_HOSTS, namesOf, parseRegistryHost, type RegistryHost } from './registry-host.ts';
import type { RoundTrips } from './round-trip.ts';
import { wakeCrypto } from './sealing.ts';
import { type CredentialSource, type Found, findFirst } from './sources/source.ts';
import { type StoredContext, storedRenewable } from './sources/stored.ts';
import type { CredentialStore } from './stores/credential-store.ts';
import { type CredentialRecord, emptyRecord, registryRecord } from './stores/records.ts';
import type { Tokens } from './tokens.ts';

export interface HelperOptions {
  context: StoredContext;
  /** In order of precedence. */
  sources: readonly CredentialSource[];
  provideTokens(credential: Exchangeable, grant: GrantKind): Promise<Tokens>;
  /** Deletes what the cache has of a credential. */
  forgetTokens(credential: Exchangeable): Promise<void>;
  roundTrips: RoundTrips;
  /** Loaded only when a client logs in to ICR. */
  loadLogin(): Promise<(credentials: Credentials, host: RegistryHost) => Promise<void>>;
}

/** The four verbs: ICR hosts by way of IAM, every other registry kept as it came. */
export function createHelper(options: HelperOptions): CredentialHelper {
  const { store } = options.context;
  return {
    get: async (serverURL) => {
      const host = parseRegistryHost(serverURL);
      const answer = host ? await getFromIcr(host, options) : await getVerbatim(serverURL, store);
      return answer && { serverURL, ...answer };
    },
    store: async (credentials) => {
      const host = parseRegistryHost(credentials.serverURL);
      if (host) await (await options.loadLogin())(credentials, host);
      else await storeVerbatim(credentials, options.context);
    },
    erase: async (serverURL) => {
      const host = parseRegistryHost(serverURL);
      if (host) await logOut(host, options);
      else if (await store.record(registryRecord(serverURL)))
        await store.change(registryRecord(serverURL), () => null);
    },
    list: async () => listUsernames(options.context),
  };
}

async function getFromIcr(host: RegistryHost, options: HelperOptions): Promise<Answer | null> {
  // For the token that most likely lies in the cache.
  wakeCrypto();
  const answer = await answerFor(host, kindFor(host, options.context), options);
  if (answer) await options.roundTrips.noteAnswer(host);
  return answer;
}

/** What answers for an ICR host, as this kind; null for nobody, and then says whose session has lapsed. */
export async function answerFor(
  host: RegistryHost,
  kind: CredentialKind,
  options: HelperOptions,
): Promise<Answer | null> {
  const lapsed: string[] = [];
  for (let sources = options.sources; ; ) {
    const found = await findFirst(sources, host);
    if (!found) break;
    try {
      const answer = await answerFrom(found, host, kind, options);
      if (found.source.overridesLogout) await mentionLogout(host, found.source, options.context);
      return answer;
    } catch (error) {
      if (!found.source.lapses || !isHelperError(error, 'expired')) throw error;
      lapsed.push(`${error.message}${error.hint ? `; ${error.hint}` : ''}`);
      sources = sources.slice(sources.indexOf(found.source) + 1);
    }
  }
  for (const line of lapsed) options.context.system.warn(line);
  return null;
}

async function answerFrom(
  found: Found,
  host: RegistryHost,
  kind: CredentialKind,
  options: HelperOptions,
): Promise<Answer | null> {
  for (let current = found; ; ) {
    try {
      return await answerWith(current.credential, kind, options.provideTokens);
    } catch (error) {
      // It may have been replaced or erased since its record was read.
      if (!isHelperError(error, 'store-unreachable') && !isHelperError(error, 'store-damaged')) throw error;
      const next = await findFirst(options.sources, host);
      if (!next) return null;
      if (fingerprintOf(next) === fingerprintOf(current)) throw error;
      current = next;
    }
  }
}

function fingerprintOf({ credential }: Found): string | undefined {
  return 'fingerprint' in credential ? credential.fingerprint : undefined;
}

async function mentionLogout(
  host: RegistryHost,
  source: CredentialSource,
  { store, system }: StoredContext,
): Promise<void> {
  const record = await store.record(registryRecord(host.name)).catch(() => null);
  if (record?.loggedOut && !record.session)
    system.warn(`${host.name} is logged out, but ${source.name} overrides that`);
}

export function kindFor(host: RegistryHost, { settings, system }: StoredContext): CredentialKind {
  return credentialKindFor(host, settings, system.env);
}

/** What is wrong with the settings file, which everything about ICR depends on; null if nothing is. */
export function settingsProblem(context: StoredContext): unknown {
  try {
    void context.settings;
    return null;
  } catch (error) {
    return error;
  }
}

async function getVerbatim(server: string, store: CredentialStore): Promise<Answer | null> {
  const find = async () => (await store.record(registryRecord(server)))?.renewable;
  for (let stored = await find(); stored; ) {
    try {
      return { username: stored.username, secret: await store.reveal(stored) };
    } catch (error) {
      // As above.
      const next = await find();
      if (next?.id === stored.id) throw error;
      stored = next;
    }
  }
  return null;
}

/** User names that only ICR knows: somebody mistyped the registry, or left out the s of https. */
const IAM_USERNAME = /^iam(?:apikey|bearer|refresh)$/i;

async function storeVerbatim(
  { serverURL, username, secret }: Credentials,
  { store, system }: StoredContext,
): Promise<void> {
  const name = registryRecord(serverURL);
  await store.keep(name, { username, secret }, (_, stored) => ({ ...emptyRecord(name), renewable: stored }));
  if (!IAM_USERNAME.test(username)) return;
  system.warn(
    `${serverURL} is no registry of IBM Cloud: the password is kept and handed out as it is, no token is made of it`,
  );
}

/** Stored registries, and what profiles serve: every ICR host, and the registries that the settings map. */
function listUsernames(context: StoredContext): Record<string, string> {
  const records = context.store.records();
  const settings = settingsIfSound(context);
  const usernames: Record<string, string> = Object.create(null);
  for (const name of [...ICR_HOSTS, ...Object.keys(settings.registries ?? {})]) {
    const username = profileUsername(name, records, settings);
    if (username !== null) usernames[name] = username;
  }
  for (const { kind, name, renewable, session, loggedOut } of records) {
    if (kind === 'profile') continue;
    const stored = renewable ?? session;
    if (stored) usernames[name] = stored.username;
    else if (loggedOut) delete usernames[name];
  }
  return usernames;
}

/** `list` failing breaks docker build: what is wrong is for `get` to say. */
function settingsIfSound(context: StoredContext): Settings {
  try {
    return context.settings;
  } catch {
    return {};
  }
}

/** Of what is stored for the profile of an ICR host, or else of what `get` makes of its settings; null where it has nothing. */
function profileUsername(
  name: string,
  records: readonly CredentialRecord[],
  settings: Settings,
): string | null {
  const host = parseRegistryHost(name);
  if (!host) return null;
  try {
    // Variables are for one call, and not for a list.
    const profile = profileFor(host, settings, {}).name;
    const stored = records.find((record) => record.kind === 'profile' && record.name === profile)?.renewable;
    const { keyFile, computeIdentity } = settings.profiles?.[profile] ?? {};
    const isConfigured = keyFile !== undefined || computeIdentity !== undefined;
    return stored?.username ?? (isConfigured ? credentialKindFor(host, settings, {}) : null);
  } catch {
    // A profile that can be nobody's name.
    return null;
  }
}

/**
 * The host stays known as logged out, so that no variable, profile or session answers in its place;
 * logins to namespaces of it go. A namespace that has a login of its own is erased alone.
 */
async function logOut(host: RegistryHost, options: HelperOptions): Promise<void> {
  const { store, system } = options.context;
  const named = store.records().filter(({ kind }) => kind === 'registry');
  const below = (name: string) =>
    named.filter((record) => record.name.startsWith(`${name}/`) || record.name === name);
  const [own = host.name] = namesOf(host).filter((name) => name !== host.name && below(name).length > 0);
  const records = below(own);
  for (const record of records) {
    const credential = storedRenewable(record, host, options.context);
    if (credential) await options.forgetTokens(credential);
    if (record.name !== host.name) await store.change(record, () => null);
  }
  if (own !== host.name) return;
  try {
    await store.change(registryRecord(host.name), (current) => ({
      ...emptyRecord(current),
      loggedOut: true,
    }));
  } catch (error) {
    if (records.length > 0) throw error;
    // Nothing was stored and nothing can be: old podman crashes on an erase that fails.
    system.warn(`the logout from ${host.name} cannot be noted: ${(error as Error).message}`);
  }
}
