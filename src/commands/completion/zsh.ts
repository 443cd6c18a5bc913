import { posixQuote } from '../../posix-quote.ts';
import type { CommandDefinition } from '../command.ts';
import {
  type CompletedArgument,
  type CompletedCommand,
  type CompletedOption,
  completedCommands,
  TOP_FLAGS,
  type Values,
} from './model.ts';

/** Works as a file in $fpath and when it is sourced after compinit. */
export function zshCompletion(name: string, definitions: readonly CommandDefinition[]): string {
  const commands = completedCommands(definitions);
  return `#compdef ${name}
# zsh completion for ${name}
_${name}() {
  local curcontext="$curcontext" command=$words[2]
  local -a commands
  if ((CURRENT == 2)); then
    commands=(
${commands.map((command) => `      ${posixQuote(`${command.name}:${command.summary}`)}`).join('\n')}
    )
    _describe -t commands command commands
    [[ $PREFIX == -* ]] && compadd -- ${TOP_FLAGS.join(' ')}
    return
  fi
  shift words
  ((CURRENT--))
  case $command in
${commands.filter(takesWords).map(commandCase).join('\n')}
    *) _message 'no more arguments' ;;
  esac
}

if [[ $funcstack[1] == _${name} ]]; then
  _${name} "$@"
else
  compdef _${name} ${name}
fi
`;
}

function takesWords(command: CompletedCommand): boolean {
  return command.options.length + command.arguments.length > 0;
}

function commandCase(command: CompletedCommand): string {
  const specs = [...command.options.map(optionSpec), ...command.arguments.map(argumentSpec)];
  return `    ${command.name})
      _arguments -S \\
${specs.map((spec) => `        ${posixQuote(spec)}`).join(' \\\n')}
      ;;`;
}

/** zshcompsys(1), _arguments: `--name=[explanation]:message:action`; a star lets it come again. */
function optionSpec({ flag, summary, repeatable, value }: CompletedOption): string {
  const star = repeatable ? '*' : '';
  const explanation = `[${escapeSpec(summary)}]`;
  if (!value) return `${star}${flag}${explanation}`;
  return `${star}${flag}=${explanation}:${escapeSpec(value.name)}:${action(value.values)}`;
}

function argumentSpec({ name, repeatable, values }: CompletedArgument, position: number): string {
  return `${repeatable ? '*' : position + 1}:${escapeSpec(name)}:${action(values)}`;
}

function action(values: Values): string {
  switch (values.kind) {
    case 'words':
      return `(${values.words.join(' ')})`;
    case 'files':
      return '_files';
    case 'free':
      return ' ';
  }
}

function escapeSpec(text: string): string {
  return text.replace(/[\\[\]:]/g, String.raw`\$&`);
}
