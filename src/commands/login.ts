import type { App } from '../app.ts';
import { chooseFiles } from '../clients/choose-files.ts';
import { isChange, planConfigure } from '../clients/configure-clients.ts';
import { checkProfileName, DEFAULT_PROFILE } from '../config/profiles.ts';
import type { ApiKeyCredential } from '../credential.ts';
import { HelperError } from '../errors.ts';
import { explain } from '../explain.ts';
import { issuerForStored } from '../iam/endpoint.ts';
import { apiKeyGrant } from '../iam/grants.ts';
import { type Identity, identityOf } from '../iam/identity.ts';
import { ICR_HOSTS, namesOf, parseRegistryHost, type Realm } from '../registry-host.ts';
import { Secret } from '../secret.ts';
import { parseApiKey, readApiKeyFile } from '../sources/api-key.ts';
import { emptyRecord } from '../stores/credential-store.ts';
import { type CredentialRecord, profileRecord, type RecordName, registryRecord } from '../stores/records.ts';
import { Interrupted, type Terminal } from '../terminal/terminal.ts';
import type { Tokens } from '../tokens.ts';
import { type CommandContext, type CommandInput, EXIT, type Run } from './command.ts';

export const run: Run = async (input, { app, terminal }) => {
  refuseKeyAsArgument(input);
  const target = targetOf(input);
  const key = new Secret(await obtainKey(input, { app, terminal }));
  const issuer = issuerForStored(target, app.context);
  const exchange = app.exchange(apiKeyGrant(key, false), issuer);
  const tokens = await terminal.progress(`Asking ${new URL(issuer).host}`, exchange);
  const identity = requireIdentity(tokens);
  for (const name of target.records) await keep(name, key, issuer, tokens, app);
  if (target.servesAll) await liftLogouts(app);
  describe(identity, tokens, target, terminal);
  warnOfVariables(app, terminal);
  await configureClients(target, input, { app, terminal }).catch((error) => {
    if (error instanceof Interrupted) throw error;
    const { message, hint } = explain(error);
    terminal.warn(`the clients are not configured: ${message}${hint ? `; ${hint}` : ''}`);
  });
  return EXIT.done;
};

function refuseKeyAsArgument(input: CommandInput): void {
  if (input.arguments.length === 0 && input.value('apikey') === undefined) return;
  throw new HelperError(
    'bad-input',
    'an API key does not belong on the command line, where other users can see it',
    {
      hint: 'leave it out to be asked for it, or use --apikey-stdin or --apikey-file',
    },
  );
}

interface Target {
  records: RecordName[];
  realm: Realm;
  /** All of them are reached over IBM Cloud's private network. */
  isPrivate: boolean;
  /** The default profile: whatever was logged out is served again. */
  servesAll: boolean;
  label: string;
  /** For which clients have to ask the helper; none means all. */
  hosts: string[];
}

function targetOf(input: CommandInput): Target {
  const registries = input.values('registry').map(parseRegistry);
  const profile = input.value('profile');
  if (registries.length > 0 && profile !== undefined) {
    throw new HelperError('bad-input', '--profile and --registry do not go together', {
      hint: 'log in with --profile, and name the profile for the registry with docker-credential-icr config set',
    });
  }
  if (registries.length === 0) {
    const name = checkProfileName(profile ?? DEFAULT_PROFILE, '--profile');
    const label = name === DEFAULT_PROFILE ? 'all ICR registries' : `the profile ${name}`;
    return {
      records: [profileRecord(name)],
      realm: 'production',
      isPrivate: false,
      servesAll: name === DEFAULT_PROFILE,
      label,
      hosts: [],
    };
  }
  const realms = new Set(registries.map(({ realm }) => realm));
  const [realm = 'production'] = realms;
  if (realms.size > 1)
    throw new HelperError('bad-input', 'staging and production have different keys', {
      hint: 'log in to each by itself',
    });
  const names = registries.map(({ name }) => name);
  return {
    records: names.map(registryRecord),
    realm,
    isPrivate: registries.every(({ isPrivate }) => isPrivate),
    servesAll: false,
    label: names.join(', '),
    hosts: [...new Set(registries.map(({ host }) => host))],
  };
}

interface TargetRegistry {
  name: string;
  host: string;
  realm: Realm;
  isPrivate: boolean;
}

function parseRegistry(value: string): TargetRegistry {
  const host = parseRegistryHost(value);
  if (!host) {
    throw new HelperError('bad-input', `${value} is not a registry of IBM Cloud Container Registry`, {
      hint: 'name one such as us.icr.io, or us.icr.io/namespace',
    });
  }
  const { name, realm, isPrivate } = host;
  return { name: namesOf(host)[0] ?? name, host: name, realm, isPrivate };
}

async function obtainKey(input: CommandInput, { app, terminal }: CommandContext): Promise<string> {
  const file = input.value('apikey-file');
  if (file !== undefined) return readApiKeyFile(file, '--apikey-file', app.context.system);
  if (input.flag('apikey-stdin'))
    return parseApiKey(await terminal.readInput('the API key'), 'standard input');
  return parseApiKey(await terminal.askHidden('IBM Cloud API key: '), 'what was typed');
}

function requireIdentity(tokens: Tokens): Identity {
  const identity = identityOf(tokens.accessToken);
  if (identity) return identity;
  throw new HelperError('unreachable', 'IAM gave a token that does not say whose it is', {
    hint: 'check for a proxy in between',
  });
}

async function keep(name: RecordName, key: Secret, issuer: string, tokens: Tokens, app: App): Promise<void> {
  const { store } = app.context;
  const added = { username: 'iamapikey', secret: key, issuer };
  await store.keep(name, added, (current, renewable) => ({ ...emptyRecord(current), renewable }));
  const stored = (await store.record(name))?.renewable;
  if (!stored) return;
  // The token that the check brought is the first one to be handed out.
  const credential: ApiKeyCredential = {
    type: 'api-key',
    fingerprint: stored.id,
    issuer,
    reveal: async () => key,
  };
  await (await app.openSlot(credential, 'access-token')).write(tokens);
}

/** A login is what a logout waits for. */
async function liftLogouts({ context: { store } }: App): Promise<void> {
  const holdsNothing = ({ renewable, session, discarded }: CredentialRecord) =>
    !renewable && !session && !discarded;
  for (const record of store.records()) {
    if (record.loggedOut && holdsNothing(record)) await store.change(record, () => null);
  }
}

/** Clients that do not know the helper yet: asked for at a terminal, done for --configure, else pointed out. */
async function configureClients(target: Target, input: CommandInput, context: CommandContext): Promise<void> {
  const { app, terminal } = context;
  const { system } = app.context;
  const hosts = target.hosts.length > 0 ? target.hosts : ICR_HOSTS;
  const { files } = chooseFiles([], system);
  const open = planConfigure({ files, hosts, system, force: true }).filter(isChange);
  if (open.length === 0) return;
  const paths = open.map(({ file }) => file.path).join(' and ');
  if (input.flag('configure') || (await terminal.confirm(`Configure the clients to use it, in ${paths}?`))) {
    const { run: configure } = await import('./configure.ts');
    await configure(
      { arguments: target.hosts, flag: () => false, value: () => undefined, values: () => [] },
      context,
    );
  } else {
    terminal.note('To make docker, podman and skopeo use it, run docker-credential-icr configure');
  }
}

function describe(identity: Identity, tokens: Tokens, target: Target, { style, print }: Terminal): void {
  const account = identity.account ? ` of account ${identity.account}` : '';
  print(
    `${style.good('Logged in')} as ${style.bold(identity.name)}, ${identity.kind}${account} (${identity.iamId})`,
  );
  const minutes = Math.round(tokens.expiresIn / 60);
  print(
    `The key is checked and stored; it answers for ${target.label}, with tokens that live for ${minutes} minutes`,
  );
}

function warnOfVariables({ context: { system } }: App, terminal: Terminal): void {
  const set = ['ICR_API_KEY', 'ICR_API_KEY_FILE', 'ICR_PROFILE'].find((name) => system.env[name]);
  if (set) terminal.warn(`${set} is set and goes before this login`);
}
