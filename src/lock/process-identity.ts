import { readlinkSync } from 'node:fs';
import { kill } from 'node:process';
import { bootId } from '../boot-id.ts';
import { readProcessStat } from '../process-stat.ts';
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
  const stat = readProcessStat('self');
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
  const stat = self.start === null ? null : readProcessStat(owner.pid);
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

function canBeSignalled(pid: number): boolean {
  try {
    kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
