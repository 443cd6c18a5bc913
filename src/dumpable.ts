import { libc } from './libc.ts';

/** prctl(2), linux/prctl.h. */
const PR_SET_DUMPABLE = 4;

/**
 * Linux: from here on no core dump of this process, and its /proc/PID/environ and mem are root's.
 * Where it cannot be, nothing else depends on it. Node has no prctl.
 */
export function forbidDumps(): void {
  libc?.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}
