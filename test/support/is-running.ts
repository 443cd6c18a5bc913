import { readFileSync } from 'node:fs';

/** Not one that has ended and that nobody has asked about yet (proc(5), state Z). Linux. */
export function isRunning(pid: number | string): boolean {
  try {
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}
