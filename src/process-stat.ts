import { readSmallFile, textOf } from './read-file.ts';

/** What Linux says of a process (proc_pid_stat(5)). */
export interface ProcessStat {
  pid: number;
  /** When it began, clock ticks since boot: a process id comes again, with another start. */
  start: string;
  /** Dead, but its parent has not asked for the exit code yet. */
  isZombie: boolean;
}

/** Null for no such process, and where there is no /proc. */
export function readProcessStat(pid: number | 'self'): ProcessStat | null {
  try {
    // Not readFileSync, for which Bun lays out a quarter of a megabyte where the size is unknown.
    const content = readSmallFile(`/proc/${pid}/stat`);
    return content && parseProcessStat(textOf(content));
  } catch {
    return null; // It died while we read.
  }
}

/** The second field, the command in parentheses, may hold spaces and parentheses of its own. */
export function parseProcessStat(text: string): ProcessStat | null {
  const afterCommand = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const state = afterCommand[0];
  const start = afterCommand[22 - 3];
  if (state === undefined || start === undefined) return null;
  return { pid: Number.parseInt(text, 10), start, isZombie: state === 'Z' || state === 'X' };
}
