import { readlinkSync } from 'node:fs';
import { kill } from 'node:process';
import { bootId } from '../boot-id.ts';
import { readSmallFile } from '../read-file.ts';
import type { System } from '../system.ts';

/** A process as others can find it again. */
export interface ProcessIdentity {
  pid: number;
  /** Start time as /proc tells it, since pids are used again; null where it cannot be told. */
  start: string | null;
  /** Where a pid means something: this boot and this pid namespace. Null where that is unknown. */
  scope: string | null;
}

/** Who we are. Never throws: what cannot be found out is null, and then only deadlines count. */
export function readProcessIdentity(system: System): ProcessIdentity {
  if (system.platform !== 'linux') return { pid: system.pid, start: null, scope: system.platform };
  const stat = readStat('self');
  // A /proc of another pid namespace (`unshare --pid` without --mount-proc) numbers us differently:
  // what it says of other pids is about other processes.
  const start = stat?.pid === system.pid ? stat.start : null;
  return { pid: system.pid, start, scope: readScope() };
}

/**
 * Whether the owner of a claim is certainly dead. False is no proof of life: of a process in another
 * pid namespace, on another machine or of an earlier boot nothing can be said.
 */
export function isCertainlyDead(owner: ProcessIdentity, self: ProcessIdentity): boolean {
  if (self.scope === null || owner.scope !== self.scope) return false;
  // kill() says EPERM in a user namespace (rootless podman), where /proc still answers: ask /proc first.
  const stat = self.start === null ? null : readStat(owner.pid);
  if (stat === null) return !canBeSignalled(owner.pid);
  return stat.isZombie || (owner.start !== null && owner.start !== stat.start);
}

function readScope(): string | null {
  try {
    const boot = bootId();
    return boot === '' ? null : `${boot} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return null;
  }
}

interface ProcessStat {
  pid: number;
  start: string;
  /** Dead, but its parent has not asked for the exit code yet. */
  isZombie: boolean;
}

function readStat(pid: number | 'self'): ProcessStat | null {
  try {
    const text = readText(`/proc/${pid}/stat`);
    return text === null ? null : parseStat(text);
  } catch {
    return null; // It died while we read.
  }
}

/** Without the quarter of a megabyte that Bun's readFileSync lays out for files of unknown size. */
function readText(path: string): string | null {
  const bytes = readSmallFile(path);
  return bytes && new TextDecoder().decode(bytes);
}

/** proc_pid_stat(5). The second field, the command, may hold spaces and parentheses. */
export function parseStat(text: string): ProcessStat | null {
  const afterCommand = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const state = afterCommand[0];
  const start = afterCommand[22 - 3];
  if (state === undefined || start === undefined) return null;
  return { pid: Number.parseInt(text, 10), start, isZombie: state === 'Z' || state === 'X' };
}

function canBeSignalled(pid: number): boolean {
  try {
    kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
