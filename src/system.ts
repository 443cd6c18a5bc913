/** The outside world as the rest of the program sees it; tests hand in another one. */
export interface System {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly pid: number;
  readonly ppid: number;
  /** Effective user id; -1 where the system has none (Windows). */
  readonly euid: number;
  /** Ids of the groups of this process, none where the system has none. */
  groups(): readonly number[];
  /** The home folder that the system has on file for this user, for where HOME is not set. */
  accountHome(): string | null;
  /** Wall clock, milliseconds since 1970. */
  now(): number;
  /** When this process began, milliseconds since 1970. */
  readonly startedAt: number;
  /** The program's own file, as it was started. */
  readonly programPath: string;
  /**
   * Runs a program by its absolute path: no shell, nothing on its standard input. Rejects where it
   * cannot be started, writes more than 1 MB or takes longer (ETIMEDOUT). It does not outlive this process.
   */
  run(program: string, args: readonly string[], options: RunOptions): Promise<ProgramResult>;
  /** One line for the person who started the client; never a secret. */
  warn(line: string): void;
}

export interface RunOptions {
  /** The whole environment of the program. */
  env: Readonly<Record<string, string>>;
  timeoutMs: number;
}

export interface ProgramResult {
  /** Null if a signal ended it. */
  exitCode: number | null;
  stdout: string;
  stderr: string;
}
