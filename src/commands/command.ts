import type { App } from '../app.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** Exit codes of the commands for people (the protocol knows 0 and 1 only). */
export const EXIT = {
  done: 0,
  /** Something is wrong and was said. */
  failed: 1,
  /** The command line cannot be understood. */
  usage: 2,
  /** Ctrl-C at a prompt: 128 and the number of the signal, as shells have it. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** An option as data: the command line, --help, completion and the man page are made from it. */
export interface OptionDefinition {
  /** Long name without dashes: `apikey-file`. */
  name: string;
  /** Name of its value in upper case, for options that take one. */
  value?: string;
  /** May be given several times. */
  repeatable?: true;
  summary: string;
  /** All that it may be. */
  choices?: readonly string[];
  /** What to use in its place, for an option that is always refused. */
  instead?: string;
}

export interface ArgumentDefinition {
  name: string;
  summary: string;
  optional?: true;
  repeatable?: true;
  /** All that it may be. */
  choices?: readonly string[];
  /** What completion offers where it may be something else too. */
  suggestions?: readonly string[];
}

export interface CommandDefinition {
  name: string;
  /** One line, no full stop. */
  summary: string;
  /** Paragraphs for --help and the man page. */
  description?: readonly string[];
  arguments?: readonly ArgumentDefinition[];
  options?: readonly OptionDefinition[];
  /** Loaded when the command is run. */
  load(): Promise<Run>;
}

export type Run = (input: CommandInput, context: CommandContext) => Promise<ExitCode>;

/** What stands on the command line, by the names of the definition. */
export interface CommandInput {
  arguments: readonly string[];
  flag(name: string): boolean;
  value(name: string): string | undefined;
  values(name: string): readonly string[];
}

export interface CommandContext {
  app: App;
  terminal: Terminal;
}
