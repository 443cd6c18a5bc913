import { Command, CommanderError, Option } from 'commander';
import type { App } from '../app.ts';
import { explain } from '../explain.ts';
import { oneLine } from '../one-line.ts';
import { Interrupted, type Terminal } from '../terminal/terminal.ts';
import type { CommandDefinition, CommandInput, ExitCode, OptionDefinition } from './command.ts';
import { EXIT } from './command.ts';

export interface ProgramOptions {
  name: string;
  /** Shown above the list of commands. */
  introduction: string;
  commands: readonly CommandDefinition[];
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
    // It quotes what was typed.
    outputError: (text, write) => write(oneLine(text.trimEnd())),
  });
  for (const definition of options.commands) {
    addCommand(program, definition, async (input) => {
      const run = await definition.load();
      exitCode = await run(input, { app: options.createApp(), terminal });
    });
  }
  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    return report(error, terminal);
  }
}

function addCommand(
  program: Command,
  definition: CommandDefinition,
  action: (input: CommandInput) => Promise<void>,
) {
  const command = program.command(definition.name).summary(definition.summary);
  command.description([definition.summary, ...(definition.description ?? [])].join('\n\n'));
  for (const { name, summary, optional, repeatable } of definition.arguments ?? []) {
    const shown = repeatable ? `${name}...` : name;
    command.argument(optional ? `[${shown}]` : `<${shown}>`, summary);
  }
  for (const option of definition.options ?? []) command.addOption(toOption(option));
  command.action(async (...values) => {
    const given: unknown[] = values.slice(0, -2);
    await action(toInput(given.flat().filter((value) => value !== undefined) as string[], command.opts()));
  });
}

function toOption({ name, value, repeatable, summary, choices }: OptionDefinition): Option {
  const flags = value === undefined ? `--${name}` : `--${name} <${value}>`;
  const option = new Option(flags, summary);
  if (choices) option.choices([...choices]);
  if (repeatable) option.argParser((text: string, before: string[] = []) => [...before, text]);
  return option;
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
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return EXIT.done;
    // What is wrong commander has said already.
    note(`${style.attention('hint:')} add --help to see what is understood`);
    return EXIT.usage;
  }
  const { message, hint } = explain(error);
  note(`${style.bad('error:')} ${oneLine(message)}`);
  if (hint) note(`${style.attention('hint:')} ${oneLine(hint)}`);
  return EXIT.failed;
}
