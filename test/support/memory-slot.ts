import type { TokenSlot } from '../../src/cache/token-slot.ts';
import type { Lock } from '../../src/lock/lock.ts';
import type { Tokens } from '../../src/tokens.ts';

/** A place for tokens in memory, with this lock. */
export function createMemorySlot(lock: Lock): TokenSlot {
  let kept: Tokens | null = null;
  return {
    read: async () => kept,
    write: async (tokens) => {
      kept = tokens;
    },
    remove: async () => {
      kept = null;
    },
    openLock: async () => lock,
  };
}
