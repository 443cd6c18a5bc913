import type { ArgumentDefinition, CommandDefinition, OptionDefinition } from './command.ts';

/** A term and what it means. */
export type Entry = readonly [term: string, meaning: string];

export interface ManPage {
  name: string;
  version: string;
  /** One line, no full stop. */
  summary: string;
  description: readonly string[];
  commands: readonly CommandDefinition[];
  verbs: readonly Entry[];
  exitCodes: readonly (readonly [number, string])[];
  environment: readonly Entry[];
  files: readonly Entry[];
  seeAlso: readonly string[];
}

/** The page of section 1 in the macros of man(7). No date, so that the same sources make the same file. */
export function manPage(page: ManPage): string {
  const lines = [
    `.TH ${quoted(page.name.toUpperCase())} 1 "" ${quoted(`${page.name} ${page.version}`)} "User Commands"`,
    // Long names and paths: neither stretched nor broken.
    '.ad l',
    '.nh',
    '.SH NAME',
    `${text(page.name)} \\- ${text(page.summary)}`,
    '.SH SYNOPSIS',
    `.B ${text(page.name)}`,
    '.I command',
    '[options] [arguments]',
    '.SH DESCRIPTION',
    ...paragraphs(page.description),
    '.SH COMMANDS',
    ...page.commands.flatMap(commandSection),
    ...entries('PROTOCOL', page.verbs),
    ...entries(
      'EXIT STATUS',
      page.exitCodes.map(([code, meaning]) => [String(code), meaning] as const),
    ),
    ...entries('ENVIRONMENT', page.environment),
    ...entries('FILES', page.files),
    '.SH SEE ALSO',
    text(page.seeAlso.join(', ')),
  ];
  return `${lines.join('\n')}\n`;
}

function commandSection(command: CommandDefinition): readonly string[] {
  const { name, summary, description = [], arguments: args = [], options = [] } = command;
  const shown = [name, ...(options.length > 0 ? ['[options]'] : []), ...args.map(argumentForm)];
  return [
    `.SS ${quoted(shown.join(' '))}`,
    ...paragraphs([summary, ...description]),
    ...args.flatMap((argument) => entry([argument.name, withChoices(argument)])),
    ...options.flatMap((option) => entry([optionForm(option), withChoices(option)])),
  ];
}

/** As --help shows it: `<host>`, `[host...]`. */
function argumentForm({ name, optional, repeatable }: ArgumentDefinition): string {
  const shown = repeatable ? `${name}...` : name;
  return optional ? `[${shown}]` : `<${shown}>`;
}

function optionForm({ name, value }: OptionDefinition): string {
  return value === undefined ? `--${name}` : `--${name} <${value}>`;
}

function withChoices({ summary, choices }: ArgumentDefinition | OptionDefinition): string {
  return choices ? `${summary} (${choices.join(', ')})` : summary;
}

function entries(heading: string, list: readonly Entry[]): readonly string[] {
  return [`.SH ${quoted(heading)}`, ...list.flatMap(entry)];
}

function entry([term, meaning]: Entry): readonly string[] {
  return ['.TP', `.B ${text(term)}`, text(meaning)];
}

function paragraphs(list: readonly string[]): readonly string[] {
  return list.flatMap((paragraph, index) => (index === 0 ? [text(paragraph)] : ['.PP', text(paragraph)]));
}

const SPECIAL: Record<string, string> = {
  '\\': String.raw`\e`,
  '-': String.raw`\-`,
  "'": String.raw`\(aq`,
  '`': String.raw`\(ga`,
  '^': String.raw`\(ha`,
  '~': String.raw`\(ti`,
  '"': String.raw`\(dq`,
};

/** Text that roff shows as it stands, also where it begins a line (groff_char(7), groff(7)). */
function text(plain: string): string {
  const escaped = plain
    .replace(/[\\\-'`^~"]/g, (character) => SPECIAL[character] ?? character)
    .replace(/[^ -~]/gu, unicode);
  return escaped.startsWith('.') ? `\\&${escaped}` : escaped;
}

/** A line break is a space; everything beyond ASCII gets its name. */
function unicode(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code < 0xa0 ? ' ' : `\\[u${code.toString(16).toUpperCase().padStart(4, '0')}]`;
}

function quoted(argument: string): string {
  return `"${text(argument)}"`;
}
