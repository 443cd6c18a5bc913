import type { CommandDefinition } from '../command.ts';
import {
  type CompletedArgument,
  type CompletedCommand,
  type CompletedOption,
  completedCommands,
  type Values,
} from './model.ts';
import { fishQuote, identifier } from './quote.ts';

/** For fish 3.0 and newer. */
export function fishCompletion(name: string, definitions: readonly CommandDefinition[]): string {
  const commands = completedCommands(definitions);
  const id = identifier(name);
  return `# fish completion for ${name}
# Whether the command is one of the arguments; without any, whether there is none yet.
function __${id}_command
    set -l words (commandline -opc)
    if test (count $argv) -eq 0
        test (count $words) -eq 1
    else
        test (count $words) -ge 2; and contains -- $words[2] $argv
    end
end

# Whether the next argument of the command has this number, not counting these options' values.
function __${id}_argument --argument-names command position
    set -l words (commandline -opc)
    test (count $words) -ge 2; and test $words[2] = $command; or return 1
    test $position = any; and return 0
    set -l given 0
    set -l skip no
    for word in $words[3..-1]
        if test $skip = yes
            set skip no
        else if contains -- $word $argv[3..-1]
            set skip yes
        else if not string match -q -- '-*' $word
            set given (math $given + 1)
        end
    end
    test $given -eq $position
end

complete -c ${name} -e
complete -c ${name} -f
${commands.map((command) => `complete -c ${name} -n __${id}_command -a ${command.name} -d ${fishQuote(command.summary)}`).join('\n')}
complete -c ${name} -n __${id}_command -l help -d 'Show help'
complete -c ${name} -n __${id}_command -l version -d 'Print the version'
${commands.flatMap((command) => commandLines(name, id, command)).join('\n')}
`;
}

function commandLines(name: string, id: string, command: CompletedCommand): readonly string[] {
  const skipped = command.options.filter(({ value }) => value).map(({ flag }) => flag);
  const options = command.options.map(
    (option) =>
      `complete -c ${name} -n ${fishQuote(`__${id}_command ${command.name}`)} ${optionFlags(option)}`,
  );
  const args = command.arguments.flatMap((argument, position) => {
    const offer = offered(argument.values);
    if (offer === '') return [];
    const test = [`__${id}_argument`, command.name, place(argument, position), ...skipped].join(' ');
    return [`complete -c ${name} -n ${fishQuote(test)} ${offer}`];
  });
  return [...options, ...args];
}

function place({ repeatable }: CompletedArgument, position: number): string {
  return repeatable ? 'any' : String(position);
}

function optionFlags({ flag, summary, value }: CompletedOption): string {
  const option = `-l ${flag.slice(2)} -d ${fishQuote(summary)}`;
  if (!value) return option;
  const offer = offered(value.values);
  return `${option} -r${offer === '' ? ' -f' : ` ${offer}`}`;
}

function offered(values: Values): string {
  switch (values.kind) {
    case 'words':
      return `-f -a ${fishQuote(values.words.join(' '))}`;
    case 'files':
      return '-F';
    case 'free':
      return '';
  }
}
