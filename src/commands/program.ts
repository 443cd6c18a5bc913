import { Argument, Command, CommanderError, Option } from 'commander';
import type { App } from '../app.ts';
import { HelperError, isHelperError } from '../errors.ts';
import { explain } from '../explain.ts';
import { nearestOf } from '../nearest.ts';
import { oneLine } from '../one-line.ts';
import { Interrupted, type Terminal } from '../terminal/terminal.ts';
import {
  type ArgumentDefinition,
  type CommandDefinition,
  type CommandInput,
  EXIT,
  type ExitCode,
  type OptionDefinition,
} from './command.ts';
import { misuse } from './misuse.ts';

export interface ProgramOptions {
  name: string;
  /** Shown above the list of commands. */
  introduction: string;
  commands: readonly CommandDefinition[];
  /** What other programs start it with, which `help` explains too: a summary for each. */
  verbs: Readonly<Record<string, string>>;
  terminal: Terminal;
  /** Made when a command is run: not for --help. */
  createApp(): App;
}

/** Runs what stands on the command line; never throws. */
export async function runProgram(args: readonly string[], options: ProgramOptions): Promise<ExitCode> {
  const { terminal } = options;
  let exitCode: ExitCode = EXIT.done;
  const program = new Command(options.name).description(options.introduction).exitOverride();
  program.configureOutput({
    writeOut: (text) => terminal.print(text.trimEnd()),
    writeErr: (text) => terminal.note(text.trimEnd()),
    // In the voice of all errors: report().
    outputError: () => {},
  });
  for (const definition of options.commands) {
    addCommand(program, definition, async (input) => {
      const run = await definition.load();
      exitCode = await run(input, { app: options.createApp(), terminal });
    });
  }
  // Answered in main.ts, by itself: only --help has to know.
  program.command('version').summary(options.verbs['version'] ?? '');
  try {
    const verb = explainedVerb(args, options);
    if (verb === null) await program.parseAsync(isHelpOnHelp(args) ? ['help'] : args, { from: 'user' });
    else terminal.print(`${options.name} ${verb}: ${options.verbs[verb]}\n\n${VERBS_ARE_FOR}`);
    return exitCode;
  } catch (error) {
    return report(error instanceof CommanderError ? misuse(error, args, options.commands) : error, terminal);
  }
}

const VERBS_ARE_FOR =
  'Docker, podman and other clients start it and speak with it through standard input and output; people need it for scripts only.';

function isHelpOnHelp([first, second]: readonly string[]): boolean {
  return first === 'help' && second === 'help';
}

/** What `help VERB` asks for; null for everything else. Fails with `usage` where there is no such command. */
function explainedVerb([first = '', second]: readonly string[], { commands, verbs }: ProgramOptions) {
  const known = ['help', ...commands.map((command) => command.name)];
  const name = first === 'help' && second !== undefined ? second : first;
  if (name !== first && Object.hasOwn(verbs, name)) return name;
  if (!name.startsWith('-') && !known.includes(name))
    throw unknownCommand(name, [...known, ...Object.keys(verbs)]);
  return null;
}

function unknownCommand(name: string, known: readonly string[]): HelperError {
  const nearest = nearestOf(name, known);
  return new HelperError('usage', `there is no command ${name}`, {
    hint: nearest ? `did you mean ${nearest}?` : 'see docker-credential-icr --help',
  });
}

function addCommand(
  program: Command,
  definition: CommandDefinition,
  action: (input: CommandInput) => Promise<void>,
) {
  const command = program.command(definition.name).summary(definition.summary);
  command.description([definition.summary, ...(definition.description ?? [])].join('\n\n'));
  for (const argument of definition.arguments ?? []) command.addArgument(toArgument(argument));
  for (const option of definition.options ?? []) command.addOption(toOption(option));
  command.action(async (...values) => {
    const given: unknown[] = values.slice(0, -2);
    await action(toInput(given.flat().filter((value) => value !== undefined) as string[], command.opts()));
  });
}

function toArgument({ name, summary, optional, repeatable, choices }: ArgumentDefinition): Argument {
  const shown = repeatable ? `${name}...` : name;
  const argument = new Argument(optional ? `[${shown}]` : `<${shown}>`, summary);
  return choices ? argument.choices([...choices]).argParser(oneOf(choices, name)) : argument;
}

function toOption({ name, value, repeatable, summary, choices }: OptionDefinition): Option {
  const flags = value === undefined ? `--${name}` : `--${name} <${value}>`;
  const option = new Option(flags, summary);
  const parse = choices ? oneOf(choices, `--${name}`) : (text: string) => text;
  // --help shows the choices; the check is ours, which commander leaves out where an option may be repeated.
  if (choices) option.choices([...choices]).argParser(parse);
  if (repeatable) option.argParser((text: string, before: string[] = []) => [...before, parse(text)]);
  return option;
}

/** Fails with `usage` for what is no choice. */
function oneOf(choices: readonly string[], where: string) {
  return (text: string): string => {
    if (choices.includes(text)) return text;
    const nearest = nearestOf(text, choices);
    throw new HelperError('usage', `${text} is not a choice for ${where}`, {
      hint: `${nearest ? `did you mean ${nearest}? ` : ''}use ${choices.join(', ')}`,
    });
  };
}

function toInput(args: readonly string[], options: Record<string, unknown>): CommandInput {
  const at = (name: string) =>
    options[name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())];
  return {
    arguments: args,
    flag: (name) => at(name) === true,
    value: (name) => at(name) as string | undefined,
    values: (name) => (at(name) as string[] | undefined) ?? [],
  };
}

/** What went wrong in one voice: `error:`, and `hint:` below it. */
function report(error: unknown, { note, style }: Terminal): ExitCode {
  if (error instanceof Interrupted) return EXIT.interrupted;
  // --help ends like this.
  if (error instanceof CommanderError) return EXIT.done;
  const { message, hint } = explain(error);
  note(`${style.bad('error:')} ${oneLine(message)}`);
  if (hint) note(`${style.attention('hint:')} ${oneLine(hint)}`);
  return isHelperError(error, 'usage') ? EXIT.usage : EXIT.failed;
}
