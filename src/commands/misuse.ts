import type { CommanderError } from 'commander';
import { HelperError } from '../errors.ts';
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
  return new HelperError('usage', problem, {
    hint:
      hintFor(error.code, args, command) ??
      meant(suggestion, command) ??
      'add --help to see what is understood',
    cause: error,
  });
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
  if (words === undefined) return null;
  const refused = command?.options?.find(
    ({ name, instead }) => instead !== undefined && words.split(/[ ,]+/).includes(`--${name}`),
  );
  return refused?.instead !== undefined ? `use ${refused.instead}` : `did you mean ${words}?`;
}
