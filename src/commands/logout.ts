import type { App } from '../app.ts';
import { checkProfileName, DEFAULT_PROFILE } from '../config/profiles.ts';
import type { Exchangeable } from '../credential.ts';
import { HelperError } from '../errors.ts';
import { removeFile, removeTemporaries } from '../files.ts';
import { oneLine } from '../one-line.ts';
import { namesOf, parseRegistryHost } from '../registry-host.ts';
import type { Secret } from '../secret.ts';
import { inTrustedProfile } from '../sources/profile.ts';
import type { CredentialStore } from '../stores/credential-store.ts';
import {
  emptyRecord,
  profileRecord,
  type RecordName,
  registryRecord,
  type StoredSecret,
} from '../stores/records.ts';
import { placeName } from '../stores/secret-store.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { type CommandInput, EXIT, type Run } from './command.ts';

export const run: Run = async (input, { app, terminal }) => {
  const all = input.flag('all');
  if (all) refuseNames(input);
  const named = all ? [] : await namedRecords(input, app);
  const isDefault = !all && named.length === 0;
  const names = all ? everything(app) : isDefault ? [profileRecord(DEFAULT_PROFILE)] : named;
  let removed = 0;
  for (const name of names) removed += await forget(name, all, app, terminal);
  if (all) removeKeys(app, terminal);
  // Where new secrets go is chosen once for a home (stores/placement.ts): with none left, anew.
  if (all && app.context.store.records().length === 0) removeFile(`${app.paths.dataFolder}/store`);
  if (removed > 0)
    terminal.print('Access tokens that were handed out before live on until they expire, for up to an hour');
  else if (all || isDefault) terminal.print('There was no login to delete');
  if (isDefault) pointOutOthers(app, terminal);
  return EXIT.done;
};

/** Everything, or what is named: who names something does not expect the rest to go. */
function refuseNames(input: CommandInput): void {
  const given = [
    input.value('profile') !== undefined && '--profile',
    input.values('registry').length > 0 && '--registry',
    input.arguments.length > 0 && 'HOST',
  ].filter((name) => name !== false);
  if (given.length === 0) return;
  throw new HelperError('usage', `--all, ${given.join(', ')} do not go together`, {
    hint: 'leave out --all, or name nothing',
  });
}

/** What the options and arguments name. Fails before anything is deleted where there is no such thing. */
async function namedRecords(input: CommandInput, { context: { store } }: App): Promise<RecordName[]> {
  // docker logout and podman logout take the registry as it is.
  const registries = [...input.arguments, ...input.values('registry')].map(parseRegistry);
  for (const registry of registries) {
    if (!isIcr(registry) && (await store.record(registry)) === null) throw noRegistry(registry);
  }
  const profile = input.value('profile');
  if (profile === undefined) return registries;
  const record = profileRecord(checkProfileName(profile, '--profile'));
  if ((await store.record(record)) === null) throw noProfile(record, store);
  return [...registries, record];
}

function parseRegistry(value: string): RecordName {
  const host = parseRegistryHost(value);
  // Other registries are kept under exactly what the client said.
  return registryRecord(host ? (namesOf(host)[0] ?? host.name) : value);
}

function noRegistry({ name }: RecordName): HelperError {
  return new HelperError(
    'bad-input',
    `${name} is not a registry of IBM Cloud Container Registry, and nothing is stored for it`,
    { hint: 'name one such as us.icr.io, or another as docker-credential-icr status does' },
  );
}

function noProfile({ name }: RecordName, store: CredentialStore): HelperError {
  const known = loginsIn(store).filter(({ kind }) => kind === 'profile');
  return new HelperError('bad-input', `there is no login for the profile ${name}`, {
    hint:
      known.length > 0
        ? `there is one for ${known.map((one) => one.name).join(', ')}`
        : 'no profile has a login; docker-credential-icr status shows what there is',
  });
}

function loginsIn(store: CredentialStore): RecordName[] {
  return store.records().filter(({ renewable, session }) => renewable || session);
}

function pointOutOthers({ context: { store } }: App, terminal: Terminal): void {
  const others = loginsIn(store).map(describeName);
  if (others.length === 0) return;
  terminal.print(oneLine(`There are logins for ${others.join(', ')}`));
  terminal.print('To delete one: logout HOST, or logout --profile NAME; all of them: logout --all');
}

function everything({ context: { store } }: App): RecordName[] {
  return store.records();
}

/** Deletes what a record names; the number of secrets that went. */
async function forget(name: RecordName, all: boolean, app: App, terminal: Terminal): Promise<number> {
  const { store } = app.context;
  const record = await store.record(name);
  const secrets = [record?.renewable, record?.session].filter((stored) => stored !== undefined);
  for (const stored of secrets) {
    if (!isNamedElsewhere(stored, name, app)) await endSession(stored, name, app, terminal);
  }
  const stays = !all && isIcr(name);
  await store.change(name, (current) => (stays ? { ...emptyRecord(current), loggedOut: true } : null));
  for (const stored of secrets) {
    terminal.print(
      `Deleted the login ${stored.username} of ${describeName(name)} from the ${placeName(stored.store)}`,
    );
  }
  if (stays) terminal.print(describeLogout(name.name, secrets.length > 0));
  return secrets.length;
}

/** It is noted in any case: what a variable, a profile or a session has would answer else. */
function describeLogout(name: string, wasStored: boolean): string {
  const host = parseRegistryHost(name)?.name ?? name;
  const until = `until the next login, or docker-credential-icr configure ${host}`;
  return `Nothing answers for ${name} ${until}${wasStored ? '' : ' (nothing was stored for it)'}`;
}

/** One login for several registries is one secret: what ends it for one of them must leave the others. */
function isNamedElsewhere({ id }: StoredSecret, { kind, name }: RecordName, { context }: App): boolean {
  const others = context.store.records().filter((record) => record.kind !== kind || record.name !== name);
  return others.some(({ renewable, session }) => renewable?.id === id || session?.id === id);
}

function isIcr({ kind, name }: RecordName): boolean {
  return kind === 'registry' && parseRegistryHost(name) !== null;
}

function describeName({ kind, name }: RecordName): string {
  return kind === 'profile' ? `the profile ${name}` : name;
}

/** Cached tokens go; IAM is told to forget a session, as far as it can be reached. */
async function endSession(
  stored: StoredSecret,
  name: RecordName,
  app: App,
  terminal: Terminal,
): Promise<void> {
  const credential = toCredential(stored, app);
  if (!credential) return;
  for (const one of [credential, assumedBy(credential, name, app)])
    await (await app.openSlot(one, 'access-token')).remove();
  if (credential.type !== 'session') return;
  try {
    await app.revoke(await credential.reveal(), credential.issuer);
  } catch (error) {
    if (!(error instanceof HelperError)) throw error;
    terminal.warn(`the session at IAM could not be ended: ${error.message}`);
  }
}

/** The trusted profile that the login of a profile stands for; itself where there is none, or a wrong one. */
function assumedBy(credential: Exchangeable, { kind, name }: RecordName, app: App): Exchangeable {
  try {
    const settings = (kind === 'profile' && app.context.settings.profiles?.[name]) || {};
    const assumed = inTrustedProfile(credential, name, settings);
    return assumed.type === 'token' ? assumed : credential;
  } catch {
    return credential;
  }
}

function toCredential(stored: StoredSecret, { context: { store } }: App): Exchangeable | null {
  if (stored.issuer === undefined) return null;
  const issued = { fingerprint: stored.id, issuer: stored.issuer, reveal: () => store.reveal(stored) };
  if (stored.username === 'iamapikey') return { type: 'api-key', ...issued };
  if (stored.username === 'iamrefresh')
    return { type: 'session', ...issued, replace: async (_: Secret) => {} };
  return null;
}

/** With nothing left that they open, the keys go too. */
function removeKeys({ paths, cacheLocation }: App, terminal: Terminal): void {
  const cacheKey = cacheLocation().key;
  const gone = [`${paths.stateFolder}/store-key`, ...(cacheKey ? [cacheKey.path] : [])].filter((path) =>
    removeFile(path),
  );
  // And what is left of making them.
  removeTemporaries(paths.stateFolder, '');
  if (gone.length > 0) terminal.print(`Deleted the keys that sealed logins and tokens (${gone.join(', ')})`);
}
