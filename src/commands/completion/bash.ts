import { posixQuote } from '../../posix-quote.ts';
import type { CommandDefinition } from '../command.ts';
import { type CompletedCommand, completedCommands, TOP_FLAGS, type Values } from './model.ts';
import { identifier } from './quote.ts';

/** For bash 3.2 (macOS) and newer, with or without the bash-completion package. */
export function bashCompletion(name: string, definitions: readonly CommandDefinition[]): string {
  const commands = completedCommands(definitions);
  const id = identifier(name);
  const first = [...commands.map((command) => command.name), ...TOP_FLAGS].join(' ');
  return `# bash completion for ${name}
_${id}_words() {
  COMPREPLY=($(compgen -W "$1" -- "$2"))
}

_${id}_files() {
  # bash's own way with file names, where a function may ask for it (bash 4).
  compopt -o default 2>/dev/null && return
  local file
  while IFS= read -r file; do
    COMPREPLY+=("$file")
  done < <(compgen -f -- "$1")
}

_${id}() {
  COMPREPLY=()
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD - 1]} command=\${COMP_WORDS[1]}
  local i position=0
  if ((COMP_CWORD == 1)); then
    _${id}_words ${posixQuote(first)} "$cur"
    return
  fi
  # bash takes --name=value apart.
  if [[ $cur == '=' ]]; then
    cur=''
  elif [[ $prev == '=' ]]; then
    prev=\${COMP_WORDS[COMP_CWORD - 2]}
  fi
  case "$command,$prev" in
${cases(optionValueCases(commands, id))}
  esac
  for ((i = 2; i < COMP_CWORD; i++)); do
    case "$command,\${COMP_WORDS[i]}" in
${cases(skippedCases(commands), 6)}
      *,-*) ;;
      *) ((position += 1)) ;;
    esac
  done
  if [[ $cur != -* ]]; then
    case "$command,$position" in
${cases(argumentCases(commands, id), 6)}
    esac
  fi
  case "$command" in
${cases(optionCases(commands, id))}
  esac
}

complete -F _${id} ${name}
`;
}

interface Case {
  pattern: string;
  action: string;
}

function cases(list: readonly Case[], indent = 4): string {
  return list.map(({ pattern, action }) => `${' '.repeat(indent)}${pattern}) ${action} ;;`).join('\n');
}

function optionValueCases(commands: readonly CompletedCommand[], id: string): readonly Case[] {
  return commands.flatMap(({ name, options }) =>
    options.flatMap(({ flag, value }) =>
      value ? [{ pattern: `${name},${flag}`, action: offerAndReturn(value.values, id) }] : [],
    ),
  );
}

/** Options whose value is no argument of the command. */
function skippedCases(commands: readonly CompletedCommand[]): readonly Case[] {
  const patterns = commands.flatMap(({ name, options }) =>
    options.filter(({ value }) => value).map(({ flag }) => `${name},${flag}`),
  );
  if (patterns.length === 0) return [];
  const action = `[[ \${COMP_WORDS[i + 1]} == '=' ]] && ((i += 1)); ((i += 1))`;
  return [{ pattern: patterns.join(' | '), action }];
}

function argumentCases(commands: readonly CompletedCommand[], id: string): readonly Case[] {
  return commands.flatMap((command) =>
    command.arguments.map(({ values, repeatable }, position) => ({
      pattern: `${command.name},${repeatable ? '*' : position}`,
      action: offerAndReturn(values, id),
    })),
  );
}

function optionCases(commands: readonly CompletedCommand[], id: string): readonly Case[] {
  return commands
    .filter(({ options }) => options.length > 0)
    .map(({ name, options }) => ({
      pattern: name,
      action: `_${id}_words ${posixQuote(options.map(({ flag }) => flag).join(' '))} "$cur"`,
    }));
}

function offerAndReturn(values: Values, id: string): string {
  switch (values.kind) {
    case 'words':
      return `_${id}_words ${posixQuote(values.words.join(' '))} "$cur"; return`;
    case 'files':
      return `_${id}_files "$cur"; return`;
    case 'free':
      return 'return';
  }
}
