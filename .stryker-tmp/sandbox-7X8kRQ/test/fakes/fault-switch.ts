import type { Fault } from './faults.ts';

/** In place of a path: all of them. */
export const ANY_PATH = '*';

interface Queued {
  readonly fault: Fault;
  readonly path: string;
  left: number;
}

/**
 * Decides which request meets which fault; the same for every double.
 * `defaultPath` keeps a fault that is meant for tokens away from discovery and key requests.
 */
export function createFaultSwitch(defaultPath: string) {
  const queued: Queued[] = [];
  const standing = new Map<string, Fault>();
  return {
    /** The next `count` requests to `path` meet `fault`, after those asked for earlier. */
    failNext(count: number, fault: Fault, path = defaultPath): void {
      queued.push({ fault, path, left: count });
    },
    /** Every request to `path` meets `fault`, until null is set. */
    setFault(fault: Fault | null, path = defaultPath): void {
      if (fault) standing.set(path, fault);
      else standing.delete(path);
    },
    /** The fault for a request to this path; asking counts as one request. */
    take(path: string): Fault | null {
      const next = queued.find((entry) => entry.left > 0 && (entry.path === ANY_PATH || entry.path === path));
      if (!next) return standing.get(path) ?? standing.get(ANY_PATH) ?? null;
      next.left -= 1;
      return next.fault;
    },
    clearFaults(): void {
      queued.length = 0;
      standing.clear();
    },
  };
}
