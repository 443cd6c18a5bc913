/** Time that passes only when everything at hand is done: a day takes seconds. */
export interface Clock {
  /** Milliseconds since the beginning. */
  now(): number;
  at(time: number, event: () => void): void;
  sleep(ms: number): Promise<void>;
  /** Runs this with its promises before the next event. */
  go(work: () => Promise<void>): void;
  runUntil(end: number): Promise<void>;
}

export function createClock(): Clock {
  const queue = createQueue();
  let time = 0;
  /** Whether promises have been resolved: what waits for them goes on before the next event. */
  let isStirred = false;
  const at = (when: number, event: () => void) => queue.push(when, event);
  return {
    now: () => time,
    at,
    sleep: (ms) =>
      new Promise((resolve) =>
        at(time + ms, () => {
          isStirred = true;
          resolve();
        }),
      ),
    go(work) {
      isStirred = true;
      void work();
    },
    async runUntil(end) {
      for (let next = queue.pop(end); next; next = queue.pop(end)) {
        time = next.time;
        next.event();
        if (!isStirred) continue;
        await new Promise(setImmediate);
        isStirred = false;
      }
      time = end;
    },
  };
}

interface Event {
  time: number;
  event(): void;
}

/** A binary heap: what comes first is at the top. */
function createQueue() {
  const heap: Event[] = [];
  const timeAt = (index: number) => heap[index]?.time ?? Number.POSITIVE_INFINITY;
  const swap = (one: number, other: number) => {
    const kept = heap[one] as Event;
    heap[one] = heap[other] as Event;
    heap[other] = kept;
  };
  return {
    push(time: number, event: () => void): void {
      let index = heap.push({ time, event }) - 1;
      while (index > 0) {
        const parent = (index - 1) >> 1;
        if (timeAt(parent) <= timeAt(index)) return;
        swap(parent, index);
        index = parent;
      }
    },
    /** The first, if it is not later than `end`. */
    pop(end: number): Event | null {
      if (timeAt(0) > end) return null;
      const first = heap[0] as Event;
      const last = heap.pop() as Event;
      if (heap.length > 0) heap[0] = last;
      for (let index = 0; ; ) {
        const left = 2 * index + 1;
        const child = timeAt(left) <= timeAt(left + 1) ? left : left + 1;
        if (timeAt(index) <= timeAt(child)) return first;
        swap(index, child);
        index = child;
      }
    },
  };
}
