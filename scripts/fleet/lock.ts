import type { Lock, PublishedFailure } from '../../src/lock/lock.ts';

/** The lock of one node: one works, the others take its token or its failure. */
export function createNodeLock(): Lock {
  let released: Promise<PublishedFailure | undefined> | null = null;
  return {
    acquire: async ({ poll }) => {
      for (;;) {
        const value = await poll?.();
        if (value !== undefined) return { outcome: 'ready', value };
        if (!released) break;
        const failure = await released;
        if (failure) return { outcome: 'failed', failure };
      }
      let free: (failure?: PublishedFailure) => void = () => {};
      released = new Promise((resolve) => {
        free = resolve;
      });
      const release = (failure?: PublishedFailure) => {
        released = null;
        free(failure);
      };
      return { outcome: 'held', lock: { isStillHeld: () => true, release } };
    },
  };
}
