import { createRandom as createNumbers } from '../support/random.ts';

/** The same numbers for the same seed, on every machine. */
export interface Random {
  /** From 0 to below `limit`. */
  below(limit: number): number;
  /** True once in `times`. */
  oneIn(times: number): boolean;
  pick<T>(items: readonly T[]): T;
}

/** The name is stirred in (FNV-1a), so that no two targets get the same inputs. */
export function createRandom(seed: number, name: string): Random {
  let stirred = seed;
  for (const letter of name) stirred = Math.imul(stirred ^ letter.charCodeAt(0), 16777619);
  const next = createNumbers(stirred);
  const below = (limit: number) => Math.floor(next() * limit);
  return {
    below,
    oneIn: (times) => below(times) === 0,
    pick: <T>(items: readonly T[]) => items[below(items.length)] as T,
  };
}
