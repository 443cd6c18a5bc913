import { VERBS, type Verb } from '../../protocol/serve.ts';
import { ICR_HOSTS } from '../../registry-host.ts';
import type { ArgumentDefinition, CommandDefinition, OptionDefinition } from '../command.ts';

/** What may stand in one place of the command line. */
export type Values = { kind: 'words'; words: readonly string[] } | { kind: 'files' } | { kind: 'free' };

export interface CompletedOption {
  /** With its dashes: `--apikey-file`. */
  flag: string;
  summary: string;
  repeatable: boolean;
  /** Name of the value and what it may be; null for a switch. */
  value: { name: string; values: Values } | null;
}

export interface CompletedArgument {
  name: string;
  repeatable: boolean;
  values: Values;
}

/** A first word, and what may follow it. */
export interface CompletedCommand {
  name: string;
  summary: string;
  options: readonly CompletedOption[];
  arguments: readonly CompletedArgument[];
}

/** The verbs of the protocol and `version`, which are no commands. */
export const VERB_SUMMARIES: Record<Verb | 'version', string> = {
  get: 'Answer with credentials (protocol)',
  store: 'Keep credentials (protocol)',
  erase: 'Forget credentials (protocol)',
  list: 'List what is kept (protocol)',
  version: 'Print the version',
};

const HELP: CompletedOption = { flag: '--help', summary: 'Show help', repeatable: false, value: null };

/** Options in the place of the command. */
export const TOP_FLAGS = ['--help', '--version'] as const;

/** Commands for people first, then the verbs that other programs use. */
export function completedCommands(definitions: readonly CommandDefinition[]): readonly CompletedCommand[] {
  const names = definitions.map(({ name }) => name);
  const help: CompletedCommand = {
    name: 'help',
    summary: 'Show help for a command',
    options: [],
    arguments: [{ name: 'command', repeatable: false, values: { kind: 'words', words: names } }],
  };
  const verbs = ([...VERBS, 'version'] as const).map((name) => ({
    name,
    summary: VERB_SUMMARIES[name],
    options: [],
    arguments: [],
  }));
  return [...definitions.map(toCommand), help, ...verbs];
}

function toCommand({
  name,
  summary,
  arguments: args = [],
  options = [],
}: CommandDefinition): CompletedCommand {
  return { name, summary, options: [...options.map(toOption), HELP], arguments: args.map(toArgument) };
}

function toOption({ name, value, summary, repeatable, choices }: OptionDefinition): CompletedOption {
  return {
    flag: `--${name}`,
    summary,
    repeatable: repeatable ?? false,
    value: value === undefined ? null : { name: value, values: toValues(value, choices) },
  };
}

function toArgument({ name, repeatable, choices, suggestions }: ArgumentDefinition): CompletedArgument {
  return { name, repeatable: repeatable ?? false, values: toValues(name, choices ?? suggestions) };
}

function toValues(name: string, words: readonly string[] | undefined): Values {
  if (words) return { kind: 'words', words };
  const kind = name.toUpperCase();
  if (/^(FILE|FOLDER|PATH)$|[-_](FILE|FOLDER|PATH)$/.test(kind)) return { kind: 'files' };
  if (/^(HOST|REGISTRY)$|[-_](HOST|REGISTRY)$/.test(kind)) return { kind: 'words', words: ICR_HOSTS };
  return { kind: 'free' };
}
