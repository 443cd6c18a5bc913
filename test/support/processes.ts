import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { until } from './until.ts';

export interface Finished {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface CommandOptions {
  /** The whole environment: nothing of the machine's own gets in. */
  env: Record<string, string>;
  /** Left open without a byte if null; a promise's value is sent when it is there. */
  input?: string | Uint8Array | null | Promise<string>;
  cwd?: string;
  /** Runs as this user and group. */
  uid?: number;
  gid?: number;
}

/** Long for a slow machine, and less than a test may take: whatever hangs does not outlive its test. */
const LIMIT_MS = 300_000;

/** Runs a program to its end, whatever that is; one that hangs is killed. */
export async function command(
  program: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<Finished> {
  const { env, input = '', cwd, uid, gid } = options;
  const child = spawn(program, args, {
    env,
    timeout: LIMIT_MS,
    killSignal: 'SIGKILL',
    ...(cwd !== undefined && { cwd }),
    ...(uid !== undefined && { uid }),
    ...(gid !== undefined && { gid }),
  });
  const output: Record<'stdout' | 'stderr', Buffer[]> = { stdout: [], stderr: [] };
  child.stdout.on('data', (chunk: Buffer) => output.stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => output.stderr.push(chunk));
  // A program that does not read its input may be gone before it is written.
  child.stdin.on('error', () => {});
  if (input instanceof Promise) input.then((text) => child.stdin.end(text));
  else if (input !== null) child.stdin.end(input);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  return {
    code,
    stdout: Buffer.concat(output.stdout).toString(),
    stderr: Buffer.concat(output.stderr).toString(),
  };
}

/** As above; a program that fails throws with what it said. */
export async function succeed(
  program: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<Finished> {
  const finished = await command(program, args, options);
  if (finished.code === 0) return finished;
  throw new Error(
    `${program} ${args.join(' ')} ended with ${finished.code}:\n${finished.stdout}${finished.stderr}`,
  );
}

export interface Daemon {
  pid: number;
  /** All that it has printed. */
  log(): string;
  stop(): Promise<void>;
}

export interface DaemonOptions extends CommandOptions {
  input?: string;
  logFile: string;
  isReady(): Promise<boolean> | boolean;
}

/** Starts a server and waits until `isReady`; stopped by its own process id. */
export async function startDaemon(
  program: string,
  args: readonly string[],
  options: DaemonOptions,
): Promise<Daemon> {
  const { env, input = '', logFile, isReady, uid, gid } = options;
  const log = openSync(logFile, 'a', 0o600);
  const child = spawn(program, args, {
    env,
    stdio: ['pipe', log, log],
    ...(uid !== undefined && { uid }),
    ...(gid !== undefined && { gid }),
  });
  closeSync(log);
  child.stdin?.on('error', () => {});
  child.stdin?.end(input);
  let isRunning = true;
  const ended = new Promise<void>((resolve) => {
    const end = () => {
      isRunning = false;
      resolve();
    };
    child.on('close', end);
    child.on('error', end);
  });
  const daemon = {
    pid: child.pid ?? 0,
    log: () => readFileSync(logFile, 'utf8'),
    stop: async () => {
      child.kill('SIGTERM');
      // Late: what is killed cannot clear away what it has started and mounted.
      const force = setTimeout(() => child.kill('SIGKILL'), 60_000);
      await ended;
      clearTimeout(force);
    },
  };
  const isUp = await until(`${program} is ready`, async () => !isRunning || (await isReady())).then(
    () => isRunning,
    () => false,
  );
  if (isUp) return daemon;
  await daemon.stop();
  throw new Error(`${program} did not start:\n${daemon.log()}`);
}
