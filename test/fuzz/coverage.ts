/** Counters of blocks, and which of them have been seen to count so far. */
export interface Coverage {
  /** Before each input. */
  clear(): void;
  /** Whether the input reached a block that none reached before, or one clearly more often. */
  isNew(): boolean;
  /** Numbers of those that were entered. */
  covered(): number[];
}

/** As in AFL: how often a block was entered, in eight classes, one bit each. */
const CLASSES = Uint8Array.from({ length: 256 }, (_, count) => (count === 0 ? 0 : classOf(count)));

function classOf(count: number): number {
  if (count < 4) return 1 << (count - 1);
  return 8 << Math.min(4, Math.floor(Math.log2(count / 4)));
}

/** `blocks` are the numbers of those that matter (scripts/fuzz/instrument.mjs). */
export function createCoverage(hits: Uint8Array, blocks: readonly number[]): Coverage {
  const seen = new Uint8Array(hits.length);
  return {
    clear: () => hits.fill(0),
    isNew: () => {
      let found = false;
      for (const block of blocks) {
        const bit = CLASSES[hits[block] ?? 0] ?? 0;
        const known = seen[block] ?? 0;
        if ((known | bit) === known) continue;
        seen[block] = known | bit;
        found = true;
      }
      return found;
    },
    covered: () => blocks.filter((block) => seen[block] !== 0),
  };
}
