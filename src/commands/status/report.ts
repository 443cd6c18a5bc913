import { planAnswer } from '../../answer.ts';
import type { App } from '../../app.ts';
import type { CredentialKind } from '../../config/settings.ts';
import type { Credential, Exchangeable } from '../../credential.ts';
import { wayBack } from '../../doctor/logged-out.ts';
import { type Explanation, explain } from '../../explain.ts';
import { kindFor, settingsProblem } from '../../helper.ts';
import { type Identity, identityOf } from '../../iam/identity.ts';
import { parseRegistryHost, type RegistryHost } from '../../registry-host.ts';
import { type CredentialSource, type Found, nameOf } from '../../sources/source.ts';
import { isFresh } from '../../tokens.ts';
import { unusedProfiles } from '../unused-profiles.ts';

/** What `status --json` prints; docs/commands.md describes it. */
export interface StatusReport {
  registries: RegistryStatus[];
  /** Server URLs of other registries whose credentials are kept. */
  others: string[];
  /** Profiles with a login that no registry uses. */
  unusedProfiles: string[];
  /** Where the settings file is wrong: nothing answers for any ICR registry then. */
  problem?: Explanation;
  places: { settings: string; records: string; secrets: string; cache: string; cacheKey: string };
}

export interface RegistryStatus {
  registry: string;
  /** Who answers; null for nobody. */
  source: string | null;
  /** Where it answers nothing or fails, why. */
  reason?: string;
  /** What to do about that, where there is something. */
  hint?: string;
  kind?: CredentialKind | 'as stored';
  username?: string;
  /** What it is, where it is no key and nothing that is stored. */
  credential?: string;
  /** Where there is a token: whose; and until when a new one is not needed. */
  identity?: Pick<Identity, 'kind' | 'name' | 'iamId' | 'account'>;
  cachedUntil?: string;
  /** What there is to say of it instead, where it may lapse before it answers. */
  state?: string;
  /** Sources that would answer too, but come later. */
  shadowed: string[];
}

/** For the named registries, or else those that are stored or configured, and the usual ones. */
export async function describeAll(named: readonly string[], app: App): Promise<StatusReport> {
  const records = app.context.store.records();
  const stored = records.filter(({ kind }) => kind === 'registry').map(({ name }) => name);
  const problem = settingsProblem(app.context);
  const known = problem ? [] : Object.keys(app.context.settings.registries ?? {});
  const usual = [...[...stored, ...known].filter(isIcr), ...DEFAULT_HOSTS];
  const hosts = named.length > 0 ? named : usual;
  const parsed = [...new Set(hosts)].map((name) => ({ name, host: parseRegistryHost(name) }));
  const registries = [];
  for (const { name, host } of parsed) {
    if (!host) registries.push({ ...NOBODY, registry: name, reason: 'not an ICR host' });
    else if (problem) registries.push({ ...NOBODY, registry: name, reason: SETTINGS_WRONG });
    else registries.push(await describeHost(name, host, app));
  }
  return {
    registries,
    ...(problem !== null && { problem: explain(problem) }),
    others: stored.filter((name) => !isIcr(name)),
    unusedProfiles: problem ? [] : unusedProfiles(app.context),
    places: placesOf(app),
  };
}

/** What a person without any login wants to know about. */
const DEFAULT_HOSTS = ['icr.io', 'us.icr.io', 'de.icr.io'];

const SETTINGS_WRONG = 'nothing answers while the settings are wrong';

const NOBODY = { source: null, shadowed: [] };

function isIcr(name: string): boolean {
  return parseRegistryHost(name) !== null;
}

async function describeHost(registry: string, host: RegistryHost, app: App): Promise<RegistryStatus> {
  let first: Found | null = null;
  const shadowed = new Set<string>();
  for (const source of app.sources) {
    const name = nameOf(source, host);
    try {
      const credential = await source.find(host);
      if (!credential) continue;
      if (first === null) first = { source, credential };
      else if (credential.type !== 'none' && name !== nameOf(first.source, host)) shadowed.add(name);
    } catch (error) {
      if (first === null) return { registry, source: name, ...reasonOf(error), shadowed: [] };
      shadowed.add(`${name} (broken: ${explain(error).message})`);
    }
  }
  if (!first) {
    const reason = 'no login, no variable, no session';
    return { registry, ...NOBODY, reason, hint: 'run docker-credential-icr login' };
  }
  const { source, credential } = first;
  if (credential.type === 'none') {
    const hint = wayBack(host.name);
    return { registry, source: null, reason: 'logged out', hint, shadowed: [...shadowed] };
  }
  const described = await describeCredential(credential, host, app);
  return {
    registry,
    source: nameOf(source, host),
    ...described,
    ...(mayLapse(first) && !('cachedUntil' in described) && (await describeState(source, host))),
    shadowed: [...shadowed],
  };
}

function reasonOf(error: unknown): Pick<RegistryStatus, 'reason' | 'hint'> {
  const { message, hint } = explain(error);
  return { reason: message, ...(hint !== undefined && { hint }) };
}

function mayLapse({ source, credential }: Found): boolean {
  return source.lapses === true && credential.type === 'token' && credential.current === undefined;
}

async function describeState(source: CredentialSource, host: RegistryHost): Promise<{ state?: string }> {
  const explanation = await source.explain?.(host);
  return explanation ? { state: explanation.words } : {};
}

async function describeCredential(
  credential: Exclude<Credential, { type: 'none' }>,
  host: RegistryHost,
  app: App,
) {
  if (credential.type === 'ready') return { kind: 'as stored' as const, username: credential.username };
  const kind = kindFor(host, app.context);
  const what = credential.type === 'token' ? { credential: credential.shows } : {};
  try {
    const { username } = planAnswer(credential, kind, app.provideTokens);
    const token = await describeToken(credential, app);
    if (credential.type === 'token' && !token.cachedUntil) credential.checkOffline?.();
    return { kind, username, ...what, ...token };
  } catch (error) {
    return { kind, ...what, ...reasonOf(error) };
  }
}

/** From the cache, or a token that the source has at hand: status asks nobody. */
async function describeToken(
  credential: Exchangeable,
  app: App,
): Promise<Pick<RegistryStatus, 'identity' | 'cachedUntil'>> {
  const atHand =
    credential.type === 'token' ? (credential.current?.accessToken ?? credential.lastKnown) : undefined;
  const cached = await (await app.openSlot(credential, 'access-token')).read();
  const tokens = cached && isFresh(cached, app.context.system.now()) ? cached : null;
  const identity = identityOf(atHand ?? tokens?.accessToken ?? '');
  if (!identity) return {};
  const { kind, name, iamId, account } = identity;
  const cachedUntil = tokens && new Date(tokens.receivedAt + tokens.expiresIn * 250).toISOString();
  return { identity: { kind, name, iamId, account }, ...(cachedUntil && { cachedUntil }) };
}

function placesOf(app: App): StatusReport['places'] {
  const { key, folder } = app.cacheLocation();
  const stores = new Set(
    app.context.store.records().flatMap(({ renewable, session }) => [renewable?.store, session?.store]),
  );
  const places = [
    stores.has('keychain') && 'the keychain',
    stores.has('file') && `${app.paths.dataFolder}/secrets`,
  ];
  return {
    settings: app.paths.settingsFile,
    records: app.paths.dataFolder,
    secrets: places.filter((place) => place !== false).join(', ') || 'none yet',
    cache: folder,
    cacheKey: key?.path ?? 'the keychain',
  };
}
