import { expect, it } from 'vitest';
import type { CommandDefinition } from '../../../src/commands/command.ts';
import { COMMANDS } from '../../../src/commands/table.ts';
import { VERBS } from '../../../src/protocol/serve.ts';
import { codeOf, documents, spansOf, textOf } from '../../support/documents.ts';

/** Commands and options that pages name, held against the tables that the program is made of. */
const PROGRAM = 'docker-credential-icr';
/** Understood without a command, or standing for one. */
const OTHERS: readonly string[] = [...VERBS, 'version', '-v', '--version', 'help', '--help', 'COMMAND'];

/** What a call of the program has wrong, as a page shows it. */
function problemsOf(words: readonly string[]): string[] {
  const [name = '', ...rest] = words;
  if (OTHERS.includes(name)) return [];
  const command = COMMANDS.find((one) => one.name === name);
  return command ? [...wrongOptions(command, rest), ...wrongChoice(command, rest)] : [`no command ${name}`];
}

function wrongOptions({ name, options = [] }: CommandDefinition, words: readonly string[]): string[] {
  const known = ['--help', ...options.map((option) => `--${option.name}`)];
  const given = words.filter((word) => word.startsWith('-') && word !== '-');
  return given
    .map((word) => word.replace(/=.*/, ''))
    .filter((word) => !known.includes(word))
    .map((word) => `${name} has no ${word}`);
}

/** Upper case stands for any. */
function wrongChoice(command: CommandDefinition, [first = 'ANY']: readonly string[]): string[] {
  const choices = command.arguments?.[0]?.choices;
  if (!choices || !/^[a-z]/.test(first) || choices.includes(first)) return [];
  return [`${command.name} does not know ${first}`];
}

/** The words after the program's name, up to what means something to a shell. */
function callsIn(code: string): string[][] {
  const calls = code
    .replace(/(?<=\s)#.*/, '')
    .matchAll(/(?<![\w/.-])(?:docker-credential-icr|\.\/docker-credential-icr)((?: +[^\s|;&<>()"'`…]+)+)/g);
  return [...calls].map(([, words = '']) => words.trim().split(/ +/));
}

/** Spans such as `login --sso`, where the program is understood. */
function shortCall(span: string): string[] {
  const words = span.split(' ');
  return words.length > 1 && COMMANDS.some(({ name }) => name === words[0]) ? words : [];
}

it.each(documents)('%s names only commands, options and choices that exist', (document) => {
  const calls = [...codeOf(document).flatMap(callsIn), ...spansOf(document).map(shortCall)];
  const problems = calls.filter((words) => words.length > 0).flatMap(problemsOf);
  expect(problems).toEqual([]);
});

it('finds what is wrong', () => {
  const line = `$ ICR_PROFILE=x ${PROGRAM} login --ssso --profile=x; ${PROGRAM} logn | ${PROGRAM} completion dash # no`;
  expect(callsIn(line).flatMap(problemsOf)).toEqual([
    'login has no --ssso',
    'no command logn',
    'completion does not know dash',
  ]);
  expect(problemsOf(shortCall('status --yaml'))).toEqual(['status has no --yaml']);
});

/** Of our own scripts: the file that reads them. */
const OF_SCRIPTS: Readonly<Record<string, string>> = {
  '--prefix': 'install.sh',
  '--remove': 'deploy/node/install.sh',
  '--only': 'benchmarks/main.ts',
  '--baseline': 'benchmarks/main.ts',
  '--out': 'benchmarks/main.ts',
};
/** Of other programs. */
const OF_OTHERS: readonly string[] = [
  ...['--creds', '--src-creds', '--dest-creds'], // skopeo
  ...['--server-side'], // kubectl
  ...['--image-credential-provider-config', '--image-credential-provider-bin-dir'], // kubelet
  ...['--trusted-profiles-enabled'], // ibmcloud ce
  ...['--use-system-ca', '--splitting', '--preload'], // bun
];

it.each(documents)('%s names only options by themselves that something has', (document) => {
  const ours = COMMANDS.flatMap(({ options = [] }) => options.map(({ name }) => `--${name}`));
  const named = spansOf(document)
    .filter((span) => /^--[a-z]/.test(span))
    .map((span) => span.replace(/[ =].*/, ''));
  expect(
    named.filter((one) => ![...ours, ...OTHERS, ...OF_OTHERS].includes(one) && !isOfScript(one)),
  ).toEqual([]);
});

function isOfScript(option: string): boolean {
  const script = OF_SCRIPTS[option];
  return script !== undefined && new RegExp(`\\b${option.slice(2)}\\b`).test(textOf(script));
}

it('names every command on the page of commands', () => {
  const page = spansOf('docs/commands.md');
  const known = [...COMMANDS.map(({ name }) => name), ...VERBS, 'version'];
  expect(known.filter((name) => !page.includes(name))).toEqual([]);
});
