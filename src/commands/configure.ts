import type { App } from '../app.ts';
import { CONTAINERS_TOOLS, chooseFiles } from '../clients/choose-files.ts';
import { CLIENTS, type Client, type ClientFile } from '../clients/client-files.ts';
import {
  applyChanges,
  type ConfigureRequest,
  type FileChange,
  isChange,
  planConfigure,
} from '../clients/configure-clients.ts';
import { describeChange } from '../clients/diff.ts';
import { inspectClientFile } from '../clients/inspect.ts';
import { canMove, describeLogin, type FoundLogin, moveLogins } from '../clients/move-logins.ts';
import { HelperError } from '../errors.ts';
import { oneLine } from '../one-line.ts';
import { ICR_HOSTS, parseRegistryHost } from '../registry-host.ts';
import { registryRecord } from '../stores/records.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { type CommandContext, type CommandInput, EXIT, type Run } from './command.ts';
import { warnings } from './configure/warnings.ts';

export const run: Run = async (input, context) => {
  const { app, terminal } = context;
  const { system } = app.context;
  const { files, outOfReach } = chooseFiles(clientsOf(input), system);
  const named = hostsOf(input);
  const hosts = named.length > 0 ? named : ICR_HOSTS;
  const request = { files, hosts, system, force: input.flag('force') };
  // Whatever is refused is refused before anything is asked or moved.
  planConfigure(request);
  const found = findLogins(files);
  if (input.flag('dry-run')) {
    showChanges(input.flag('move-logins') ? without(found.filter(canMove), request) : request, terminal);
    return EXIT.done;
  }
  const toMove = (await isMoveWanted(found, input, terminal)) ? found : [];
  const moved = await move(toMove, context);
  const changes = planConfigure(without(moved, request));
  applyChanges(changes, system);
  await liftLogouts(hosts, context);
  report(changes, moved, terminal);
  for (const warning of warnings(hosts, toMove, app)) terminal.warn(warning);
  if (outOfReach) terminal.warn(describeUnreachable(outOfReach));
  return moved.length < toMove.length ? EXIT.failed : EXIT.done;
};

function without(logins: readonly FoundLogin[], request: ConfigureRequest): ConfigureRequest {
  const isAmong = (file: ClientFile, key: string) =>
    logins.some((one) => one.file.path === file.path && one.login.key === key);
  // Names with the port have an entry of their own, or the moved login would be missed.
  const withPort = logins
    .filter(({ login }) => login.key.endsWith(':443'))
    .map(({ login }) => `${login.host}:443`);
  return { ...request, hosts: [...new Set([...request.hosts, ...withPort])], dropLogins: isAmong };
}

function describeUnreachable({ path }: ClientFile): string {
  return `${path} cannot be made, so podman login would not use this helper: set XDG_RUNTIME_DIR or REGISTRY_AUTH_FILE, then run this again`;
}

/** Whoever configures a host wants it served again, with its namespaces, whatever was logged out before. */
async function liftLogouts(hosts: readonly string[], { app, terminal }: CommandContext): Promise<void> {
  const { store } = app.context;
  for (const record of store.records()) {
    const { kind, name, loggedOut, renewable, session, discarded } = record;
    const isMeant = kind === 'registry' && hosts.includes(parseRegistryHost(name)?.name ?? '');
    if (!isMeant || !loggedOut || renewable || session || discarded) continue;
    await store.change(record, () => null);
    terminal.note(`${name} was logged out; it is served again`);
  }
}

/** Whoever names podman, skopeo or buildah means the file that they share. */
export function clientsOf(input: CommandInput): Client[] {
  const named = input
    .values('client')
    .map((value) => (CONTAINERS_TOOLS.includes(value) ? 'containers' : value));
  return CLIENTS.filter((client) => named.includes(client));
}

/** Hosts as clients look for them: no scheme, no port, lower case. */
export function hostsOf(input: CommandInput): string[] {
  return [...new Set(input.arguments.map(parseHost))];
}

function parseHost(value: string): string {
  const host = parseRegistryHost(value);
  if (host && host.path === '') return host.name;
  if (host) {
    throw new HelperError('bad-input', `${value} is more than a host`, {
      hint: `clients choose a helper by host: use ${host.name}`,
    });
  }
  throw new HelperError('bad-input', `${value} is not a registry of IBM Cloud Container Registry`, {
    hint: 'name one such as us.icr.io, or none for all of them',
  });
}

function findLogins(files: readonly ClientFile[]): FoundLogin[] {
  return files.flatMap((file) => inspectClientFile(file).logins.map((login) => ({ file, login })));
}

async function isMoveWanted(
  found: readonly FoundLogin[],
  input: CommandInput,
  terminal: Terminal,
): Promise<boolean> {
  if (input.flag('move-logins') || found.length === 0) return true;
  const names = found.map(describeLogin).join(', ');
  return (
    terminal.isInteractive &&
    (await terminal.confirm(`Move into the helper what lies in clear text: ${names}?`))
  );
}

async function move(found: readonly FoundLogin[], { app, terminal }: CommandContext): Promise<FoundLogin[]> {
  const { helper } = app;
  return moveLogins(found, { helper, holds: (host) => heldFor(host, app), warn: terminal.warn });
}

async function heldFor(host: string, { context: { store } }: App) {
  const record = await store.record(registryRecord(host));
  const stored = record?.renewable ?? record?.session;
  if (!stored) return 'nothing' as const;
  return { username: stored.username, secret: (await store.reveal(stored)).reveal() };
}

function showChanges(request: ConfigureRequest, terminal: Terminal): void {
  const changes = planConfigure(request).filter(isChange);
  for (const change of changes) describeChange(change).forEach(terminal.print);
  if (changes.length === 0) terminal.note(NOTHING);
}

const NOTHING = 'Nothing to change: the clients use this helper already';

function report(changes: readonly FileChange[], moved: readonly FoundLogin[], terminal: Terminal): void {
  for (const { file, hosts } of changes) {
    if (hosts.length > 0)
      terminal.print(oneLine(`${file.path} uses this helper for ${count(hosts)}${lifetime(file)}`));
  }
  for (const one of moved) terminal.print(oneLine(`Moved ${describeLogin(one)} into the helper`));
  if (!changes.some(isChange)) terminal.print(NOTHING);
}

function lifetime({ isTemporary }: ClientFile): string {
  return isTemporary
    ? ' (this file is gone at logout: run configure again then, or set REGISTRY_AUTH_FILE)'
    : '';
}

export function count(hosts: readonly string[]): string {
  return hosts.length === 1 ? `${hosts[0]}` : `${hosts.length} registries`;
}
