import type { App } from '../app.ts';
import { chooseFiles } from '../clients/choose-files.ts';
import { isChange, planConfigure } from '../clients/configure-clients.ts';
import { HelperError } from '../errors.ts';
import { explain } from '../explain.ts';
import { issuerForStored } from '../iam/endpoint.ts';
import { type Identity, identityOf } from '../iam/identity.ts';
import { ICR_HOSTS, parseRegistryHost } from '../registry-host.ts';
import { Interrupted, type Terminal } from '../terminal/terminal.ts';
import type { Tokens } from '../tokens.ts';
import { type CommandContext, type CommandInput, EXIT, type Run } from './command.ts';
import { tryToAssume } from './login/assume.ts';
import { keep, liftLogouts, toCredential } from './login/keep.ts';
import { type Target, targetOf } from './login/target.ts';
import { type Accepted, chooseWay } from './login/way.ts';
import { isProfileUsed } from './unused-profiles.ts';

export const run: Run = async (input, { app, terminal }) => {
  refuseArguments(input);
  const way = await chooseWay(input);
  const target = targetOf(input);
  const issuer = issuerForStored(target, app.context);
  const accepted = await way({ input, issuer, app, terminal });
  const identity = requireIdentity(accepted.tokens);
  const assumed = await tryAssumed(accepted, target, issuer, { app, terminal });
  for (const name of target.records) await keep(name, accepted, { issuer, assumed }, app);
  if (target.profile !== null) await liftLogouts(target.profile, app);
  describe(identity, accepted, target, terminal);
  if (assumed) describeAssumed(requireIdentity(assumed), terminal);
  warnOfVariables(app, terminal);
  if (target.profile !== null && !isProfileUsed(target.profile, app.context))
    terminal.note(howToUse(target.profile));
  await configureClients(target, input, { app, terminal }).catch((error) => {
    if (error instanceof Interrupted) throw error;
    const { message, hint } = explain(error);
    terminal.warn(`the clients are not configured: ${message}${hint ? `; ${hint}` : ''}`);
  });
  return EXIT.done;
};

function refuseArguments(input: CommandInput): void {
  const [argument = ''] = input.arguments;
  if (parseRegistryHost(argument)) {
    throw new HelperError('usage', 'login takes the registry as an option', {
      hint: `use --registry ${argument}`,
    });
  }
  if (input.arguments.length === 0 && input.value('apikey') === undefined) return;
  throw new HelperError(
    'bad-input',
    'an API key does not belong on the command line, where other users can see it',
    {
      hint: 'leave it out to be asked for it, or use --apikey-stdin or --apikey-file',
    },
  );
}

/** What pulls would get: before anything is stored, since they would fail where this does. */
async function tryAssumed(
  accepted: Accepted,
  { profile }: Target,
  issuer: string,
  context: CommandContext,
): Promise<Tokens | null> {
  if (profile === null) return null;
  const { secret, tokens } = accepted;
  const login = toCredential(accepted, { fingerprint: '', issuer, reveal: async () => secret });
  return tryToAssume(login, profile, tokens, context);
}

function requireIdentity(tokens: Tokens): Identity {
  const identity = identityOf(tokens.accessToken);
  if (identity) return identity;
  throw new HelperError('unreachable', 'IAM gave a token that does not say whose it is', {
    hint: 'check for a proxy in between',
  });
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

function describe(identity: Identity, accepted: Accepted, target: Target, terminal: Terminal): void {
  const { style, print } = terminal;
  const account = identity.account ? ` of account ${identity.account}` : '';
  print(
    `${style.good('Logged in')} as ${style.bold(identity.name)}, ${identity.kind}${account} (${identity.iamId})`,
  );
  const what = accepted.username === 'iamapikey' ? 'The key is checked and stored' : 'The session is stored';
  const minutes = Math.round(accepted.tokens.expiresIn / 60);
  print(`${what}; it answers for ${target.label}, with tokens that live for ${minutes} minutes`);
  if (accepted.username === 'iamrefresh') print(SESSION_ENDS);
}

function describeAssumed({ name, iamId }: Identity, { style, print }: Terminal): void {
  print(`It assumes the trusted profile ${style.bold(name)} (${iamId}), which is what registries see`);
}

function howToUse(profile: string): string {
  const command = `docker-credential-icr config set registries.us.icr.io.profile ${profile}`;
  return `No registry uses the profile ${profile} yet: run ${command}, or set ICR_PROFILE=${profile}`;
}

/** IBM docs: IAM, "Access tokens" and "Setting limits for login sessions". */
const SESSION_ENDS =
  'IAM ends a session after at most 72 hours, or some hours without use: then log in again. A login with an API key lasts';

function warnOfVariables({ context: { system } }: App, terminal: Terminal): void {
  const set = ['ICR_API_KEY', 'ICR_API_KEY_FILE', 'ICR_PROFILE'].find((name) => system.env[name]);
  if (set) terminal.warn(`${set} is set and goes before this login`);
}
