import { command, type Finished } from '../../test/support/processes.ts';
import { DemoFailure } from './failure.ts';
import type { Narrator } from './narrator.ts';
import { EXECUTABLE } from './preparation.mjs';

/** Runs programs, and shows them as a person would type them. */
export interface Shell {
  /** A program that has to succeed. `shown` in place of the plain command line. */
  run(program: string, args: readonly string[], options?: RunOptions): Promise<Finished>;
  /** The same, to whatever end. */
  attempt(program: string, args: readonly string[], options?: RunOptions): Promise<Finished>;
  /** The helper as clients call it: a verb, and what goes through standard input. */
  helper(verb: string, input: string): Promise<Finished>;
}

export interface RunOptions {
  input?: string;
  shown?: string;
  /** Says nothing. */
  quiet?: boolean;
}

export const HELPER = 'docker-credential-icr';

export function createShell(say: Narrator, env: Record<string, string>, cwd: string): Shell {
  async function attempt(program: string, args: readonly string[], options: RunOptions = {}) {
    const { input = '', shown = [program, ...args].join(' '), quiet = false } = options;
    if (!quiet) say.command(shown);
    const finished = await command(program, args, { env, cwd, input });
    if (!quiet) say.output(finished.stdout + finished.stderr);
    return finished;
  }
  return {
    attempt,
    run: async (program, args, options) => {
      const finished = await attempt(program, args, options);
      if (finished.code === 0) return finished;
      const said = (finished.stderr || finished.stdout).trim().split('\n').at(-1);
      throw new DemoFailure(`${[program, ...args].join(' ')} ended with ${finished.code}: ${said}`);
    },
    helper: (verb, input) => command(EXECUTABLE, [verb], { env, cwd, input }),
  };
}
