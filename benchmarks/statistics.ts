import { createRandom } from '../test/support/random.ts';

/** What a list of values comes to, in their unit. */
export interface Summary {
  median: number;
  p10: number;
  p90: number;
}

export interface Ratio {
  /** Of the medians. */
  ofMedians: number;
  /** The median of the ratios round by round: what slows both at the same time cancels out. */
  pairwise: number;
  /** Where the ratio of medians lies in 95 % of resampled runs (bootstrap of the rounds). */
  low: number;
  high: number;
}

export function summarize(values: readonly number[]): Summary {
  return { median: median(values), p10: quantile(values, 0.1), p90: quantile(values, 0.9) };
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Between two values in proportion (type 7 of Hyndman and Fan). Throws for an empty list. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)];
  const above = sorted[Math.ceil(place)];
  if (below === undefined || above === undefined) throw new Error('no values');
  return below + (above - below) * (place - Math.floor(place));
}

const RESAMPLES = 2_000;

/** Of two lists of the same rounds. */
export function ratio(top: readonly number[], bottom: readonly number[]): Ratio {
  if (top.length !== bottom.length) throw new Error('the two were not measured in the same rounds');
  const random = createRandom(1);
  const resampled = Array.from({ length: RESAMPLES }, () => {
    const rounds = top.map(() => Math.floor(random() * top.length));
    return median(rounds.map((round) => top[round] ?? 0)) / median(rounds.map((round) => bottom[round] ?? 0));
  });
  return {
    ofMedians: median(top) / median(bottom),
    pairwise: median(top.map((value, round) => value / (bottom[round] ?? 0))),
    low: quantile(resampled, 0.025),
    high: quantile(resampled, 0.975),
  };
}
