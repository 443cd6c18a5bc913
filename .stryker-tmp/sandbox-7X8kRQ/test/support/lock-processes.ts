import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';

/** Contenders for a claim lock as real processes, and a log that shows who was inside when. */

export interface WorkerOptions {
  id: number;
  role: 'churn' | 'hold' | 'try' | 'share' | 'adopt';
  folder: string;
  log: string;
  claimLifeMs: number;
  /** Of 'try', milliseconds. */
  waitMs: number;
  /** Of 'hold': how often it takes and frees the lock before it keeps it. */
  turnsBefore: number;
}

export interface Worker {
  id: number;
  process: ChildProcess;
  /** Resolves with the first line that begins so, said already or yet to come. */
  says(beginning: string): Promise<string>;
  tell(command: string): void;
  /** kill -9, resolves when it is dead; the log says so first, since whoever comes next may be faster than the exit event. */
  kill(): Promise<void>;
  ended: Promise<void>;
}

export interface LockLab {
  folder: string;
  log: string;
  start(role: WorkerOptions['role'], more?: StartOptions): Worker;
  dispose(): Promise<void>;
}

export interface StartOptions {
  claimLifeMs?: number;
  waitMs?: number;
  turnsBefore?: number;
  runtime?: Runtime;
  /** Put before the command, e.g. unshare. */
  wrapper?: string[];
}

export type Runtime = 'executable' | 'node';

export interface Workers {
  command: Record<Runtime, string[]>;
  dispose(): void;
}

const DEFAULTS = { claimLifeMs: 20_000, waitMs: 0, turnsBefore: 0 };

/** The worker as it would be shipped, compiled by Bun, and as a script for Node. About a second. */
export function buildWorkers(): Workers {
  const folder = mkdtempSync(`${tmpdir()}/lock-worker-`);
  const build = (...options: string[]) =>
    execFileSync('node_modules/.bin/bun', ['build', 'test/support/lock-worker.ts', ...options], {
      stdio: 'pipe',
    });
  build('--target=node', `--outfile=${folder}/worker.mjs`);
  build('--compile', '--minify', '--bytecode', '--format=esm', `--outfile=${folder}/worker`);
  return {
    command: { executable: [`${folder}/worker`], node: [process.execPath, `${folder}/worker.mjs`] },
    dispose: () => rmSync(folder, { recursive: true }),
  };
}

export function createLab(workers: Workers): LockLab {
  const root = mkdtempSync(`${tmpdir()}/lock-lab-`);
  const folder = `${root}/shared`;
  const log = `${root}/log`;
  mkdirSync(folder, { mode: 0o700 });
  writeFileSync(log, '');
  const started: Worker[] = [];
  return {
    folder,
    log,
    start(role, { runtime = 'executable', wrapper = [], ...more } = {}) {
      const id = started.length + 1;
      const options: WorkerOptions = { ...DEFAULTS, ...more, id, role, folder, log };
      const worker = startWorker([...wrapper, ...workers.command[runtime]], options);
      started.push(worker);
      return worker;
    },
    async dispose() {
      for (const worker of started) worker.process.kill('SIGKILL');
      await Promise.all(started.map((worker) => worker.ended));
      rmSync(root, { recursive: true });
    },
  };
}

function startWorker(command: string[], options: WorkerOptions): Worker {
  const [program = '', ...args] = command;
  const child = spawn(program, [...args, JSON.stringify(options)], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.on('error', () => {}); // Killed while we wrote.
  const lines = collectLines(child);
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  return {
    id: options.id,
    process: child,
    says: lines.find,
    tell: (text) => void child.stdin.write(`${text}\n`),
    kill() {
      appendFileSync(options.log, `! ${options.id}\n`);
      child.kill('SIGKILL');
      return ended;
    },
    ended,
  };
}

function collectLines(child: ChildProcess) {
  let text = '';
  const changed = new Set<() => void>();
  child.stdout?.setEncoding('utf8').on('data', (more: string) => {
    text += more;
    for (const look of changed) look();
  });
  const find = (beginning: string) =>
    new Promise<string>((resolve) => {
      const look = () => {
        const line = text
          .split('\n')
          .slice(0, -1)
          .find((one) => one.startsWith(beginning));
        if (line === undefined) return;
        changed.delete(look);
        resolve(line);
      };
      changed.add(look);
      look();
    });
  return { find };
}

export interface LogSummary {
  /** Times that somebody came in. */
  sections: number;
  kills: number;
  /** Kills of the one who was inside. */
  killedInside: number;
  /** Who came in while another, not killed, was inside; and who was told that it no longer held. */
  faults: string[];
}

/** Reads the witnesses' log: `+` in, `-` out, `!` is about to be killed, `?` lost the lock inside. */
export function summarizeLog(log: string): LogSummary {
  const summary: LogSummary = { sections: 0, kills: 0, killedInside: 0, faults: [] };
  let inside: string | null = null;
  const killed = new Set<string>();
  for (const line of readFileSync(log, 'utf8').trim().split('\n')) {
    const [event = '', id = ''] = line.split(' ');
    if (event === '+') {
      summary.sections++;
      if (inside !== null && !killed.has(inside))
        summary.faults.push(`${id} came in while ${inside} was inside`);
      inside = id;
    } else if (event === '-') {
      if (inside !== id && !killed.has(id)) summary.faults.push(`${inside} was inside when ${id} left`);
      if (inside === id) inside = null;
    } else if (event === '!') {
      summary.kills++;
      if (inside === id) summary.killedInside++;
      killed.add(id);
    } else if (event === '?') {
      summary.faults.push(`${id} lost the lock while inside`);
    }
  }
  return summary;
}

/** Who is inside by the end of the log, or null. */
export function whoIsInside(log: string): number | null {
  const [event, id] = readFileSync(log, 'utf8').trimEnd().split('\n').at(-1)?.split(' ') ?? [];
  return event === '+' ? Number(id) : null;
}

/** CPU time that a process has used so far, milliseconds (proc_pid_stat(5), 100 ticks a second). */
export function cpuTimeMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return 10 * (Number(fields[14 - 3]) + Number(fields[15 - 3]));
}

/** The command that starts another in a pid namespace of its own, or null where that is not allowed. */
export function namespaceCommand(...more: string[]): string[] | null {
  const pid = ['--pid', '--fork', '--kill-child', ...more];
  const candidates = [
    ['unshare', ...pid],
    ['unshare', '--user', '--map-root-user', ...pid],
  ];
  const works = ([program = '', ...args]: string[]) => spawnSync(program, [...args, 'true']).status === 0;
  return candidates.find(works) ?? null;
}

/** The pid that a wrapper's child has in our own numbering. */
export function onlyChildOf(pid: number | undefined): number {
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim());
}
