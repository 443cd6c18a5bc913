export type Verdict = 'holds' | 'does not hold' | 'could not tell';

/** What came out. `seen` describes shapes and never quotes a secret. */
export interface Finding {
  readonly verdict: Verdict;
  readonly seen: string;
}

/** One thing that the program, its double or its documents take for true. */
export interface Assumption<Subject> {
  /** As in docs/assumptions.md. */
  readonly line: string;
  readonly claim: string;
  check(subject: Subject): Promise<Finding>;
}

export function decided(holds: boolean, seen: string): Finding {
  return { verdict: holds ? 'holds' : 'does not hold', seen };
}

export function undecided(seen: string): Finding {
  return { verdict: 'could not tell', seen };
}

/** Asks once; everybody who wants to know later gets the same answer. */
export function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => {
    answer ??= ask();
    return answer;
  };
}
