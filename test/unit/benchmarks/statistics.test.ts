import { describe, expect, it } from 'vitest';
import { quantile, ratio, summarize } from '../../../benchmarks/statistics.ts';

describe('a summary', () => {
  it('is the middle, and what a tenth lies below and above, whatever the order', () => {
    const values = [110, ...Array.from({ length: 10 }, (_, index) => (9 - index) * 10)];
    expect(summarize(values)).toEqual({ median: 50, p10: 10, p90: 90 });
  });

  it('lies between two values in proportion', () => {
    expect(quantile([1, 2], 0.5)).toBe(1.5);
    expect(quantile([0, 10, 20, 30], 0.1)).toBeCloseTo(3);
    expect(quantile([7], 0.9)).toBe(7);
  });

  it('of nothing is no figure', () => {
    expect(() => quantile([], 0.5)).toThrow('no values');
  });
});

describe('a ratio', () => {
  it('is of the medians, and the median of those round by round', () => {
    expect(ratio([2, 2, 2, 10, 10], [1, 1, 1, 5, 5])).toMatchObject({ ofMedians: 2, pairwise: 2 });
    // 9 / 3, although the rounds say 1 / 2, 9 / 3 and 10 / 20.
    expect(ratio([1, 9, 10], [2, 3, 20])).toMatchObject({ ofMedians: 3, pairwise: 0.5 });
  });

  it('has an interval around it, the same each time, that is narrow where there is no chance', () => {
    const certain = ratio([3, 3, 3, 3], [2, 2, 2, 2]);
    expect(certain).toEqual({ ofMedians: 1.5, pairwise: 1.5, low: 1.5, high: 1.5 });
    const top = Array.from({ length: 60 }, (_, index) => 10 + ((index * 7) % 11));
    const bottom = Array.from({ length: 60 }, (_, index) => 10 + ((index * 5) % 13));
    const found = ratio(top, bottom);
    expect(found.low).toBeLessThan(found.ofMedians);
    expect(found.high).toBeGreaterThan(found.ofMedians);
    expect(ratio(top, bottom)).toEqual(found);
  });

  it('is only of what was measured together', () => {
    expect(() => ratio([1, 2], [1])).toThrow('not measured in the same rounds');
  });
});
