import { resolve } from 'node:path';
import type { App } from '../app.ts';
import { checkProfileName } from '../config/profiles.ts';
import { CREDENTIAL_KINDS } from '../config/settings.ts';
import { HelperError } from '../errors.ts';
import type { Consumer, ConsumerOptions, ExportedLogin, Logins } from '../export/consumer.ts';
import type { ConsumerName } from '../export/consumer-names.ts';
import { CONSUMERS } from '../export/consumers.ts';
import { writeExport } from '../export/destination.ts';
import { describeLogins, runsOut } from '../export/lifetime.ts';
import { type LoginRequest, obtainLogin } from '../export/obtain-login.ts';
import { warningsAboutKeys } from '../export/personal-key.ts';
import { type SelectedRegistry, selectRegistries } from '../export/registries.ts';
import { nearestOf } from '../nearest.ts';
import { oneLine } from '../one-line.ts';
import { ICR_HOSTS } from '../registry-host.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { type CommandInput, EXIT, type Run } from './command.ts';

export const run: Run = async (input, { app, terminal }) => {
  // Whatever is refused for how it is asked is refused before any secret is read.
  // Nothing but the choices of the definition comes here.
  const name = input.arguments[0] as ConsumerName;
  const consumer = CONSUMERS[name];
  const options = optionsFor(consumer, name, input);
  const registries = registriesFor(consumer, name, input);
  const request = requestFor(consumer, input);
  const file = fileOf(input);
  if (file === null && terminal.showsResults && !input.flag('show')) throw wouldShow();

  const logins = await obtainLogins(registries, request, app, terminal);
  const text = consumer.render(logins, options);
  if (file !== null) writeExport(file, { text, varies: consumer.varies }, input.flag('force'));
  for (const line of describeLogins(logins, app.context.system.now())) terminal.note(oneLine(line));
  warn(logins, consumer, options, terminal);
  if (file === null) terminal.print(text.replace(/\n$/, ''));
  else report(file, consumer.next(file, logins, options), terminal);
  return EXIT.done;
};

function optionsFor(consumer: Consumer, name: string, input: CommandInput): ConsumerOptions {
  const foreign = CONSUMER_OPTIONS.find(
    (option) => input.value(option) !== undefined && !consumer.options.includes(option),
  );
  if (foreign !== undefined) {
    throw new HelperError('bad-input', `--${foreign} means nothing to export ${name}`, {
      hint: 'leave it out',
    });
  }
  const options = {
    ...given('name', input.value('name')),
    ...given('namespace', input.value('namespace')),
    ...given('serviceAccount', input.value('apply-to-service-account')),
    ...given('format', input.value('format')),
  };
  consumer.check?.(options);
  return options;
}

const CONSUMER_OPTIONS = ['name', 'namespace', 'apply-to-service-account', 'format'];

function given<K extends string>(key: K, value: string | undefined): { [key in K]?: string } {
  return value === undefined ? {} : ({ [key]: value } as { [key in K]: string });
}

function registriesFor(consumer: Consumer, name: string, input: CommandInput): SelectedRegistry[] {
  const selected = selectRegistries({
    named: input.values('registry'),
    allRegions: input.flag('all-regions'),
    withPrivate: input.flag('private'),
  });
  if (consumer.takesSeveral || selected.length === 1) return selected;
  throw new HelperError('bad-input', `export ${name} is for one registry, and these are ${selected.length}`, {
    hint: 'name one with --registry, and run it once for each',
  });
}

function requestFor(consumer: Consumer, input: CommandInput): LoginRequest {
  const profile = input.value('profile');
  return {
    consumer,
    kind: CREDENTIAL_KINDS.find((kind) => kind === input.value('kind')) ?? null,
    profile: profile === undefined ? null : checkProfileName(profile, '--profile'),
    allowExpiring: input.flag('allow-expiring'),
  };
}

/** Absolute, so that the commands shown work anywhere; null for standard output. */
function fileOf(input: CommandInput): string | null {
  const name = input.value('output');
  if (name === undefined || name === '-') return null;
  if (name !== '' && !/\p{Cc}/u.test(name)) return resolve(name);
  throw new HelperError('bad-input', '--output is not the name of a file', {
    hint: 'name one, or - for standard output',
  });
}

function wouldShow(): HelperError {
  return new HelperError('bad-input', 'standard output is a terminal, where a secret would stay to be seen', {
    hint: 'write it to a file with --output FILE, pipe it on, or add --show',
  });
}

async function obtainLogins(
  registries: readonly SelectedRegistry[],
  request: LoginRequest,
  app: App,
  terminal: Terminal,
): Promise<Logins> {
  const found: ExportedLogin[] = [];
  const missing: string[] = [];
  for (const registry of registries) {
    const login = await obtainLogin(registry, request, app);
    if (login) found.push(login);
    else if (registry.isOptional) missing.push(registry.name);
    else throw noLogin(registry);
  }
  const [first, ...others] = found;
  if (!first) throw noLogin(registries[0]);
  if (missing.length > 0)
    terminal.warn(`left out, because there is no login for them: ${missing.join(', ')}`);
  return [first, ...others];
}

function noLogin(registry: SelectedRegistry | undefined): HelperError {
  const isIcr = registry?.host !== null;
  const meant = isIcr ? null : misspelt(registry.name);
  if (meant) {
    const problem = `there is no login for ${registry?.name}, which is not a registry of IBM Cloud Container Registry`;
    return new HelperError('bad-input', problem, { hint: `did you mean ${meant}?` });
  }
  return new HelperError('bad-input', `there is no login for ${registry?.name}`, {
    hint: isIcr
      ? 'run docker-credential-icr login'
      : 'name it as docker-credential-icr status does, or log in to it with a client that keeps it here ("credsStore": "icr")',
  });
}

/** The registry of ICR that is meant; other registries have names that are near to those too (gcr.io). */
function misspelt(name: string): string | null {
  return /icr/i.test(name) ? nearestOf(name, ICR_HOSTS) : null;
}

function warn(logins: Logins, consumer: Consumer, options: ConsumerOptions, terminal: Terminal): void {
  const { keptIn } = consumer;
  if (keptIn !== null && runsOut(logins))
    terminal.warn(
      `${keptIn} stays when this has run out: pulls fail from then on, until it is exported again`,
    );
  if (keptIn !== null) warningsAboutKeys(logins, keptIn).forEach(terminal.warn);
  const caution = consumer.caution?.(options);
  if (caution) terminal.warn(caution);
}

function report(file: string, next: readonly string[], { print, note }: Terminal): void {
  note(`Wrote ${oneLine(file)}, which only you can read${next.length > 0 ? '; next:' : ''}`);
  for (const line of next) print(oneLine(line));
}
