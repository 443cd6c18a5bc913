import { planAnswer } from '../answer.ts';
import type { App } from '../app.ts';
import type { CredentialKind } from '../config/settings.ts';
import type { Credential, Exchangeable } from '../credential.ts';
import { wayBack } from '../doctor/logged-out.ts';
import { isHelperError } from '../errors.ts';
import { explain } from '../explain.ts';
import { kindFor } from '../helper.ts';
import { type Identity, identityOf } from '../iam/identity.ts';
import { oneLine } from '../one-line.ts';
import { parseRegistryHost, type RegistryHost } from '../registry-host.ts';
import type { CredentialSource, Found } from '../sources/source.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { isFresh } from '../tokens.ts';
import { type CommandInput, EXIT, type Run } from './command.ts';

export const run: Run = async (input, { app, terminal }) => {
  const report = await describeAll(input, app);
  if (input.flag('json')) terminal.print(JSON.stringify(report, null, 2));
  else show(report, terminal);
  return EXIT.done;
};

/** What `status --json` prints; docs/commands.md describes it. */
export interface StatusReport {
  registries: RegistryStatus[];
  /** Server URLs of other registries whose credentials are kept. */
  others: string[];
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

async function describeAll(input: CommandInput, app: App): Promise<StatusReport> {
  const records = app.context.store.records();
  const stored = records.filter(({ kind }) => kind === 'registry').map(({ name }) => name);
  const hosts = input.arguments.length > 0 ? input.arguments : [...stored.filter(isIcr), ...DEFAULT_HOSTS];
  const parsed = [...new Set(hosts)].map((name) => ({ name, host: parseRegistryHost(name) }));
  const registries = [];
  for (const { name, host } of parsed) {
    registries.push(
      host ? await describeHost(name, host, app) : { ...NOBODY, registry: name, reason: 'not an ICR host' },
    );
  }
  return { registries, others: stored.filter((name) => !isIcr(name)), places: placesOf(app) };
}

/** What a person without any login wants to know about. */
const DEFAULT_HOSTS = ['icr.io', 'us.icr.io', 'de.icr.io'];

const NOBODY = { source: null, shadowed: [] };

function isIcr(name: string): boolean {
  return parseRegistryHost(name) !== null;
}

async function describeHost(registry: string, host: RegistryHost, app: App): Promise<RegistryStatus> {
  const found: Found[] = [];
  for (const source of app.sources) {
    try {
      const credential = await source.find(host);
      if (credential) found.push({ source, credential });
    } catch (error) {
      if (found.length > 0) continue;
      const reason = isHelperError(error) ? error.message : String(error);
      return { registry, source: source.name, reason, shadowed: [] };
    }
  }
  const [first, ...later] = found;
  if (!first) return { registry, ...NOBODY, reason: 'no login, no variable, no session' };
  const answering = later
    .filter(({ credential }) => credential.type !== 'none')
    .map(({ source }) => source.name);
  const { source, credential } = first;
  const shadowed = [...new Set(answering)].filter((name) => name !== source.name);
  if (credential.type === 'none') {
    return { registry, source: null, reason: 'logged out', hint: wayBack(host.name), shadowed };
  }
  const described = await describeCredential(credential, host, app);
  return {
    registry,
    source: source.name,
    ...described,
    ...(mayLapse(first) && !('cachedUntil' in described) && (await describeState(source, host))),
    shadowed,
  };
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
    return { kind, username, ...what, ...(await describeToken(credential, app)) };
  } catch (error) {
    return { kind, ...what, reason: explain(error).message };
  }
}

/** From the cache, or a token that the source has at hand: status asks nobody. */
async function describeToken(credential: Exchangeable, app: App) {
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

function show({ registries, others, places }: StatusReport, { print, style }: Terminal): void {
  for (const registry of registries) {
    print(`${style.bold(oneLine(registry.registry))}: ${oneLine(summaryOf(registry))}`);
    if (registry.shadowed.length > 0) print(`  also there, but after it: ${registry.shadowed.join(', ')}`);
  }
  if (others.length > 0) print(`Other registries, kept as they were stored: ${others.join(', ')}`);
  print('');
  const labels = {
    settings: 'Settings',
    records: 'Records',
    secrets: 'Secrets',
    cache: 'Token cache',
    cacheKey: 'Its key',
  };
  for (const [key, label] of Object.entries(labels)) print(`${label}: ${places[key as keyof typeof places]}`);
}

function summaryOf(status: RegistryStatus): string {
  const { source, reason, hint, username, credential, identity, cachedUntil, state } = status;
  if (reason !== undefined && source === null) return hint === undefined ? reason : `${reason}; ${hint}`;
  if (reason !== undefined) return `${source} is broken: ${reason}`;
  if (state !== undefined) return `${source}, ${state}`;
  const who = identity
    ? `, ${identity.name} (${identity.kind}${identity.account ? `, account ${identity.account}` : ''})`
    : '';
  const cached = cachedUntil ? `, cached until ${cachedUntil}` : '';
  const what = credential && credential !== source ? ` (${credential})` : '';
  return `${source}${what} answers with ${username}${who}${cached}`;
}
