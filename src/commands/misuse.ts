import type { CommanderError } from 'commander';
import { HelperError } from '../errors.ts';
import { nearestOf } from '../nearest.ts';
import { parseRegistryHost } from '../registry-host.ts';
import type { CommandDefinition } from './command.ts';

/** What commander found wrong with a command line, in our voice; its own error where nothing is (--help). */
export function misuse(
  error: CommanderError,
  args: readonly string[],
  commands: readonly CommandDefinition[],
): Error {
  if (error.exitCode === 0) return error;
  const [problem = '', suggestion = ''] = error.message.replace(/^error: /, '').split('\n');
  const command = commands.find(({ name }) => name === args[0]);
  const shown = withoutValue(problem, command);
  return new HelperError('usage', shown, {
    hint:
      hintFor(error.code, args, command) ??
      meant(suggestion, command) ??
      (shown === problem ? null : nearestOption(shown, command)) ??
      'add --help to see what is understood',
    cause: error,
  });
}

/** What stands behind an unknown option is part of its name to commander, and may be a secret: --api-key=KEY, -kKEY. */
function withoutValue(problem: string, command: CommandDefinition | undefined): string {
  const [, option] = /^unknown option '(--[^=]*(?==)|-[^-])/.exec(problem) ?? [];
  if (option === undefined) return problem;
  const isKnown = command?.options?.some(({ name }) => `--${name}` === option);
  return isKnown ? `${option} takes no value` : `unknown option '${option}'`;
}

function hintFor(
  code: string,
  args: readonly string[],
  command: CommandDefinition | undefined,
): string | null {
  if (code === 'commander.excessArguments' && command) return registryHint(args, command);
  if (code !== 'commander.missingArgument') return null;
  const choices = command?.arguments?.find((argument) => !argument.optional)?.choices;
  return choices ? `use ${choices.join(', ')}` : null;
}

/** Clients have it as an argument. */
function registryHint(args: readonly string[], { options = [] }: CommandDefinition): string | null {
  const host = args.find(
    (value, index) => parseRegistryHost(value) && !args[index - 1]?.startsWith('--') && index > 0,
  );
  return host !== undefined && options.some(({ name }) => name === 'registry')
    ? `use --registry ${host}`
    : null;
}

/** From "(Did you mean --sso?)", which may name several. */
function meant(suggestion: string, command: CommandDefinition | undefined): string | null {
  const [, words] = /^\(Did you mean (.*)\?\)$/.exec(suggestion) ?? [];
  return words === undefined ? null : useOption(words, command);
}

/** Commander compares the value too. */
function nearestOption(problem: string, command: CommandDefinition | undefined): string | null {
  const known = command?.options?.map(({ name }) => name) ?? [];
  const nearest = nearestOf(/'--(.*)'$/.exec(problem)?.[1] ?? '', known);
  return nearest === null ? null : useOption(`--${nearest}`, command);
}

function useOption(words: string, command: CommandDefinition | undefined): string {
  const refused = command?.options?.find(
    ({ name, instead }) => instead !== undefined && words.split(/[ ,]+/).includes(`--${name}`),
  );
  return refused?.instead !== undefined ? `use ${refused.instead}` : `did you mean ${words}?`;
}
