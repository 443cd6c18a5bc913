import type { App } from '../app.ts';
import type { Status } from '../doctor/check.ts';
import { CHECKS } from '../doctor/checks.ts';
import { createContext, diagnose, likelyHost, type Reported, summarize } from '../doctor/diagnose.ts';
import { HelperError } from '../errors.ts';
import { oneLine } from '../one-line.ts';
import { fullName, parseRegistryHost, type RegistryHost } from '../registry-host.ts';
import type { Style, Terminal } from '../terminal/terminal.ts';
import { type CommandInput, EXIT, type Run } from './command.ts';

export const run: Run = async (input, { app, terminal }) => {
  const host = hostOf(input, app);
  const asJson = input.flag('json');
  const findings: Reported[] = [];
  const context = createContext(app, host);
  for await (const finding of diagnose(context, { checks: CHECKS, offline: input.flag('offline') })) {
    findings.push(finding);
    if (!asJson) show(finding, terminal);
  }
  const summary = summarize(findings);
  if (asJson) terminal.print(JSON.stringify({ host: host.name, findings, summary }, null, 2));
  else terminal.print(`\n${closingWords(summary, fullName(host))}`);
  return summary.failure > 0 ? EXIT.failed : EXIT.done;
};

function hostOf(input: CommandInput, app: App): RegistryHost {
  const [name] = input.arguments;
  if (name === undefined) return likelyHost(app);
  const host = parseRegistryHost(name);
  if (host) return host;
  throw new HelperError('bad-input', `${name} is not a registry of IBM Cloud Container Registry`, {
    hint: 'name one such as us.icr.io, or us.icr.io/namespace/image',
  });
}

const MARKS: Record<Status, { text: string; style: keyof Style }> = {
  ok: { text: 'ok', style: 'good' },
  warning: { text: 'warning', style: 'attention' },
  failure: { text: 'FAIL', style: 'bad' },
  skipped: { text: 'skipped', style: 'dim' },
};

const WIDTH = 'warning'.length;
const INDENT = ' '.repeat(WIDTH + 2);

function show({ status, check, title, detail, hint }: Reported, { print, style }: Terminal): void {
  const { text, style: colour } = MARKS[status];
  print(`${style[colour](text)}${' '.repeat(WIDTH - text.length)}  ${check}: ${oneLine(title)}`);
  for (const line of detail?.split('\n') ?? []) print(`${INDENT}${style.dim(oneLine(line))}`);
  if (hint) print(`${INDENT}${style.attention('hint:')} ${oneLine(hint)}`);
}

function closingWords({ failure, warning }: Record<Status, number>, host: string): string {
  if (failure > 0) return `${host}: ${count(failure, 'failure')}, ${count(warning, 'warning')}`;
  return warning > 0 ? `${host}: no failure, ${count(warning, 'warning')}` : `${host}: all is well`;
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}
