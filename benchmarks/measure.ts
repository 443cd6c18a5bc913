import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** One process: how it is started, and what it has to answer. */
export interface Step {
  /** The program by its absolute path, and its arguments. */
  argv: readonly string[];
  /** The whole environment. */
  env: Record<string, string>;
  input: string;
  /** How it has to end. */
  code: number;
  /** A regular expression (Python's) that the whole of standard output has to fit. */
  stdout: string;
}

/** What happens before each run and is not measured. */
type Preparation = { remove: string } | { forget: string } | { run: Step };

/** What is measured as one: a process, or several. */
export interface Subject {
  name: string;
  before?: readonly Preparation[];
  steps: readonly Step[];
  /** All at once; otherwise one after the other. */
  together?: boolean;
  /** All have to answer the same. */
  sameAnswers?: boolean;
}

export interface Effort {
  warmUp: number;
  rounds: number;
  memoryRuns: number;
}

interface Sample {
  /** From before the first process is made to when all have ended and their output has. */
  wallMs: number;
  /** User and system time of all. */
  cpuMs: number;
  /** Page faults of all. */
  faults: number;
}

export interface Measured {
  /** In the order of the rounds: the same place in two lists is the same time. */
  samples: Sample[];
  /** Of the largest process; empty without GNU time. */
  peaksKb: number[];
}

const SCRIPT = fileURLToPath(new URL('measure.py', import.meta.url));
export const PYTHON = '/usr/bin/python3';
const TIMER = '/usr/bin/time';

/** Runs the subjects in turns, round by round; throws where one of them does not answer as it has to, or when interrupted. */
export async function measure(
  subjects: readonly Subject[],
  effort: Effort,
  interrupted?: AbortSignal,
): Promise<Record<string, Measured>> {
  const plan = {
    ...effort,
    timer: isExecutable(TIMER) ? TIMER : null,
    subjects: subjects.map((subject) => ({ before: [], together: false, sameAnswers: false, ...subject })),
  };
  // Isolated: nothing of the user's own Python, and no search for site packages.
  const running = promisify(execFile)(PYTHON, ['-I', '-S', SCRIPT], {
    env: { PATH: '/usr/bin:/bin', TMPDIR: tmpdir() },
    maxBuffer: 100_000_000,
    ...(interrupted && { signal: interrupted }),
  });
  running.child.stdin?.end(JSON.stringify(plan));
  return JSON.parse((await running).stdout);
}

export function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
