import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXECUTABLE } from './executable.ts';
import { command, type Finished } from './processes.ts';

/** One run of the executable that is to be hit. */
export interface Call {
  args: readonly string[];
  input: string;
  env: Record<string, string>;
}

/** The n-th system call of its name, as strace counts them for each thread. */
export interface CrashPoint {
  call: string;
  ordinal: number;
  /** What the good run did there, without the home's path. */
  what: string;
  /** False for what only opens to read: the disk is as it was before. */
  changes: boolean;
}

const CHANGING = [
  ...['write', 'pwrite64', 'writev', 'ftruncate', 'fallocate', 'copy_file_range', 'fsync', 'fdatasync'],
  ...['rename', 'renameat', 'renameat2', 'link', 'linkat', 'symlink', 'symlinkat'],
  ...[
    'unlink',
    'unlinkat',
    'mkdir',
    'mkdirat',
    'rmdir',
    'chmod',
    'fchmod',
    'fchmodat',
    'fchown',
    'utimensat',
  ],
];
const CALLS = ['open', 'openat', ...CHANGING];

/** The calls of a good run that open or change something below a folder, or write anywhere, by its main thread. */
export async function listCrashPoints(call: Call, folder: string): Promise<CrashPoint[]> {
  const counts = new Map<string, number>();
  const points: CrashPoint[] = [];
  for (const { name, text } of await traceCalls(call)) {
    const ordinal = (counts.get(name) ?? 0) + 1;
    counts.set(name, ordinal);
    // Writes to wake threads and to the network come between, a few more or less each time: all of them count.
    if (name !== 'write' && !text.includes(`${folder}/`)) continue;
    const changes = CHANGING.includes(name) || /O_CREAT|O_TRUNC/.test(text);
    points.push({ call: name, ordinal, what: text.replaceAll(`${folder}/`, '').slice(0, 160), changes });
  }
  const writes = counts.get('write') ?? 0;
  const more = [1, 2].map((n) => ({
    call: 'write',
    ordinal: writes + n,
    what: 'if there is one',
    changes: true,
  }));
  return [...points, ...more];
}

/** Every traced call of a good run's main thread, in order: what strace -y says of it. */
export async function traceCalls(call: Call): Promise<{ name: string; text: string }[]> {
  const folder = mkdtempSync(join(tmpdir(), 'icr-trace-'));
  try {
    const log = join(folder, 'log');
    const run = await strace(['-y', '-s', '0', '-o', log, '-e', `trace=${CALLS.join(',')}`], call);
    if (run.code !== 0) throw new Error(`the good run failed: ${run.stdout}${run.stderr}`);
    const lines = readFileSync(log, 'utf8').split('\n');
    const main = lines[0]?.split(' ')[0];
    return lines.flatMap((line) => {
      const match = /^(\d+) +(\w+)(\(.*)$/.exec(line);
      return match && match[1] === main ? [{ name: match[2] ?? '', text: match[3] ?? '' }] : [];
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** kill -9 as the call is entered: it does not happen any more. */
export function killAt(point: CrashPoint, call: Call): Promise<Finished> {
  return inject(point, 'signal=KILL', call);
}

/** The call fails with this error. */
export function failAt(point: CrashPoint, error: string, call: Call): Promise<Finished> {
  return inject(point, `error=${error}`, call);
}

function inject({ call: name, ordinal }: CrashPoint, how: string, call: Call): Promise<Finished> {
  return strace(
    ['-o', '/dev/null', '-e', `trace=${name}`, '-e', `inject=${name}:${how}:when=${ordinal}`],
    call,
  );
}

export function strace(options: readonly string[], { args, input, env }: Call): Promise<Finished> {
  return command('/usr/bin/strace', ['-f', ...options, EXECUTABLE, ...args], { env, input });
}
