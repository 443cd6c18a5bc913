import { oneLine } from '../one-line.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { EXIT, type Run } from './command.ts';
import { describeAll, type RegistryStatus, type StatusReport } from './status/report.ts';

export const run: Run = async (input, { app, terminal }) => {
  const report = await describeAll(input.arguments, app);
  if (input.flag('json')) terminal.print(JSON.stringify(report, null, 2));
  else show(report, terminal);
  return EXIT.done;
};

function show(
  { registries, others, unusedProfiles, problem, places }: StatusReport,
  { print, style }: Terminal,
): void {
  if (problem) print(`${style.bad('wrong:')} ${withHint(problem.message, problem.hint)}`);
  for (const registry of registries) {
    print(`${style.bold(oneLine(registry.registry))}: ${oneLine(summaryOf(registry))}`);
    if (registry.shadowed.length > 0)
      print(oneLine(`  also there, but after it: ${registry.shadowed.join(', ')}`));
  }
  if (registries.some(({ cachedUntil }) => cachedUntil !== undefined)) print(RENEWED);
  if (others.length > 0) print(`Other registries, kept as they were stored: ${others.join(', ')}`);
  for (const name of unusedProfiles) print(oneLine(`profile ${name}: stored, no registry uses it`));
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

const RENEWED = 'A cached token is renewed by itself: the first pull or push after that time gets a new one';

function withHint(message: string, hint: string | undefined): string {
  return oneLine(hint === undefined ? message : `${message}; ${hint}`);
}

function summaryOf(status: RegistryStatus): string {
  const { source, reason, hint, username, credential, identity, cachedUntil, state } = status;
  if (reason !== undefined && source === null) return withHint(reason, hint);
  if (reason !== undefined) return `${source} is broken: ${withHint(reason, hint)}`;
  if (state !== undefined) return `${source}, ${state}`;
  const who = identity
    ? `, ${identity.name} (${identity.kind}${identity.account ? `, account ${identity.account}` : ''})`
    : '';
  const cached = cachedUntil ? `, token cached until ${cachedUntil}` : '';
  const what = credential && credential !== source ? ` (${credential})` : '';
  return `${source}${what} answers with ${username}${who}${cached}`;
}
