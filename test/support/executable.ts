import { closeSync, copyFileSync, existsSync, openSync, readSync, symlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type CommandOptions, command, type Finished } from './processes.ts';

/** The program as it is released; a variable names that of another package. */
export const EXECUTABLE =
  process.env['ICR_TEST_EXECUTABLE'] ??
  fileURLToPath(new URL('../../dist/docker-credential-icr', import.meta.url));

/** Whether that is the Node flavour: a script, whose runtime is beside it and reads variables of its own. */
export const IS_SCRIPT = existsSync(EXECUTABLE) && startOf(EXECUTABLE) === '#!';

function startOf(path: string): string {
  const buffer = Buffer.alloc(2);
  const file = openSync(path, 'r');
  readSync(file, buffer, 0, 2, 0);
  closeSync(file);
  return buffer.toString();
}

/** Puts the program into another place; a script is linked, since it has other files beside it. */
export function placeProgram(path: string): void {
  if (IS_SCRIPT) symlinkSync(EXECUTABLE, path);
  else copyFileSync(EXECUTABLE, path);
}

export type Run = Finished;

export interface RunOptions extends CommandOptions {
  /** Another copy of the program. */
  executable?: string;
}

/** Starts the built program as a client does and waits for its end. */
export function runHelper(args: readonly string[], options: RunOptions): Promise<Run> {
  const { executable = EXECUTABLE, ...rest } = options;
  return command(executable, args, rest);
}

export interface StoredCredentials {
  ServerURL: string;
  Username: string;
  Secret: string;
}

/** The four verbs, for tests that are about what they mean and not about bytes. */
export function helperOf(env: Record<string, string>) {
  return {
    get: (server: string) => runHelper(['get'], { env, input: server }),
    store: (server: string, username: string, secret: string) =>
      runHelper(['store'], {
        env,
        input: JSON.stringify({ ServerURL: server, Username: username, Secret: secret }),
      }),
    erase: (server: string) => runHelper(['erase'], { env, input: server }),
    list: () => runHelper(['list'], { env }),
  };
}

/** What `get` answered, or null for not-found; any other outcome throws. */
export function credentialsOf(run: Run): StoredCredentials | null {
  if (run.code === 1 && run.stdout === 'credentials not found in native keychain\n') return null;
  if (run.code !== 0) throw new Error(`get failed: ${run.stdout}`);
  return JSON.parse(run.stdout);
}
