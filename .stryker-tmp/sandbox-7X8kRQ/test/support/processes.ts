import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { pause } from './pause.ts';

export interface Finished {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface CommandOptions {
  /** The whole environment. */
  env: Record<string, string>;
  input?: string;
  cwd?: string;
  /** Runs as this user and group. */
  uid?: number;
  gid?: number;
}

/** Runs a program to its end, whatever that is; one that hangs is killed after two minutes. */
export async function command(
  program: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<Finished> {
  const { env, input = '', cwd, uid, gid } = options;
  const child = spawn(program, args, {
    env,
    timeout: 120_000,
    killSignal: 'SIGKILL',
    ...(cwd !== undefined && { cwd }),
    ...(uid !== undefined && { uid }),
    ...(gid !== undefined && { gid }),
  });
  const output: Record<'stdout' | 'stderr', Buffer[]> = { stdout: [], stderr: [] };
  child.stdout.on('data', (chunk: Buffer) => output.stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => output.stderr.push(chunk));
  child.stdin.on('error', () => {});
  child.stdin.end(input);
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

/** Starts a server and waits until `isReady`; stopped by its own process id. */
export async function startDaemon(
  program: string,
  args: readonly string[],
  options: CommandOptions & { logFile: string; isReady: () => Promise<boolean> | boolean },
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
  const ended = new Promise<void>((resolve) => {
    child.on('close', () => resolve());
    child.on('error', () => resolve());
  });
  const daemon = {
    pid: child.pid ?? 0,
    log: () => readFileSync(logFile, 'utf8'),
    stop: async () => {
      child.kill('SIGTERM');
      const force = setTimeout(() => child.kill('SIGKILL'), 5_000);
      await ended;
      clearTimeout(force);
    },
  };
  await waitUntilReady(child, isReady, daemon);
  return daemon;
}

async function waitUntilReady(
  child: ChildProcess,
  isReady: () => Promise<boolean> | boolean,
  daemon: Daemon,
) {
  for (let tries = 0; tries < 400; tries++) {
    if (child.exitCode !== null) break;
    if (await isReady()) return;
    await pause(50);
  }
  await daemon.stop();
  throw new Error(`${child.spawnfile} did not start:\n${daemon.log()}`);
}
