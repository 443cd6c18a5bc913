import type { CaseResult, SubjectResult } from './run-case.ts';
import { type Ratio, ratio } from './statistics.ts';

/** What the program is held to; ratios are of medians of one run. */
interface Limit {
  what: string;
  case: string;
  top: string;
  bottom: string;
  /** Milliseconds that the bottom has besides. */
  plusMs?: number;
  atMost: number;
  moonshot?: number | null;
}

const LIMITS: readonly Limit[] = [
  {
    what: 'warm get / ecr-login get from its cache',
    ...{ case: 'answers', top: 'warm get', bottom: 'ecr-login get' },
    ...{ atMost: 1.6, moonshot: 1 },
  },
  {
    what: 'the same of files as they were installed',
    ...{ case: 'answers', top: 'warm get, as installed', bottom: 'ecr-login get, as installed' },
    ...{ atMost: 1.6, moonshot: 1 },
  },
  {
    what: 'warm get / `node -e 0`',
    ...{ case: 'answers', top: 'warm get', bottom: 'node -e 0', atMost: 0.3 },
  },
  {
    what: 'keychain get / secretservice get',
    ...{ case: 'keychain', top: 'keychain get', bottom: 'secretservice get' },
    ...{ atMost: 1.25, moonshot: 1 },
  },
  {
    what: 'cold get / (secretservice get, then curl with the same POST)',
    ...{ case: 'cold', top: 'cold get', bottom: 'secretservice get, then curl', atMost: 1 },
  },
  {
    what: 'not-found / `version` of ours',
    ...{ case: 'answers', top: 'not-found get', bottom: 'version', atMost: 1.15 },
  },
  {
    what: 'foreign host / `version` of ours',
    ...{ case: 'answers', top: 'foreign host get', bottom: 'version', atMost: 1.15 },
  },
  {
    what: '100 concurrent cold gets, IAM latency 300 ms / (100 concurrent warm gets + 300 ms)',
    ...{ case: 'concurrent', top: '100 cold, IAM 300 ms', bottom: '100 warm', plusMs: 300, atMost: 1.3 },
  },
  {
    what: 'warm get with 10,000 stored registries / with 1',
    ...{ case: 'registries', top: 'warm get of 10,000', bottom: 'warm get of 1', atMost: 1.1 },
  },
];

/** Of a warm get. */
const MEMORY_MB = 32;

export interface Verdict {
  what: string;
  atMost: number;
  moonshot: number | null;
  /** A ratio, or for memory megabytes; null where it was not measured. */
  measured: number | null;
  /** Null for memory. */
  ratio: Ratio | null;
  reached: 'yes' | 'moonshot' | 'no' | 'not measured';
}

export function judge(cases: readonly CaseResult[]): Verdict[] {
  const find = (name: string, subject: string) =>
    cases.find((one) => one.name === name)?.subjects.find((one) => one.name === subject);
  const ratios = LIMITS.map((limit) =>
    verdict(limit, compare(find(limit.case, limit.top), find(limit.case, limit.bottom), limit.plusMs)),
  );
  return [...ratios, memoryVerdict(find('answers', 'warm get'))];
}

function compare(top: SubjectResult | undefined, bottom: SubjectResult | undefined, plusMs = 0) {
  if (!top || !bottom) return null;
  return ratio(
    top.samplesMs,
    bottom.samplesMs.map((ms) => ms + plusMs),
  );
}

function verdict(
  { what, atMost, moonshot = null }: Omit<Limit, 'case' | 'top' | 'bottom'>,
  found: Ratio | null,
): Verdict {
  const measured = found?.ofMedians ?? null;
  return { what, atMost, moonshot, measured, ratio: found, reached: reach(measured, atMost, moonshot) };
}

function memoryVerdict(warm: SubjectResult | undefined): Verdict {
  const measured = warm?.peakMb ?? null;
  const what = 'peak memory of a warm get, MB';
  return {
    what,
    atMost: MEMORY_MB,
    moonshot: null,
    measured,
    ratio: null,
    reached: reach(measured, MEMORY_MB, null),
  };
}

function reach(measured: number | null, atMost: number, moonshot: number | null): Verdict['reached'] {
  if (measured === null) return 'not measured';
  if (moonshot !== null && measured <= moonshot) return 'moonshot';
  return measured <= atMost ? 'yes' : 'no';
}
