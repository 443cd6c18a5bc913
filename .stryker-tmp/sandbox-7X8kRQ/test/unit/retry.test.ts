import { describe, expect, it } from 'vitest';
import { parseRetryAfter, RetryableError, retry } from '../../src/retry.ts';

/** Fails with these, then succeeds; gives what was slept. */
async function run(failures: (number | undefined)[], { deadline = 12_000, random = 1 } = {}) {
  const sleeps: number[] = [];
  let now = 0;
  let tries = 0;
  const result = await retry(
    async () => {
      const failure = failures[tries++];
      if (tries <= failures.length) throw new RetryableError(new Error(`try ${tries}`), failure);
      return tries;
    },
    {
      deadline,
      now: () => now,
      random: () => random,
      sleep: async (ms) => {
        sleeps.push(ms);
        now += ms;
      },
    },
  ).catch((error: Error) => error.message);
  return { result, sleeps };
}

describe('retry', () => {
  it.each([
    ['doubles its pause', [undefined, undefined, undefined], {}, { result: 4, sleeps: [1000, 2000, 4000] }],
    [
      'takes off up to half by chance',
      [undefined, undefined],
      { random: 0 },
      { result: 3, sleeps: [500, 1000] },
    ],
    ['obeys Retry-After', [3000, 0], {}, { result: 3, sleeps: [3000, 0] }],
    ['ends after four tries', [0, 0, 0, 0], {}, { result: 'try 4', sleeps: [0, 0, 0] }],
    ['does not wait beyond the deadline', [20_000], {}, { result: 'try 1', sleeps: [] }],
    [
      'ends when the time is over',
      [undefined, undefined],
      { deadline: 2500 },
      { result: 'try 2', sleeps: [1000] },
    ],
  ])('%s', async (_, failures, options, expected) => {
    expect(await run(failures, options)).toEqual(expected);
  });

  it('repeats nothing else', async () => {
    let tries = 0;
    const failing = retry(
      async () => {
        tries++;
        throw new Error('no');
      },
      { deadline: 1, now: () => 0, random: () => 0, sleep: async () => {} },
    );
    await expect(failing).rejects.toThrow('no');
    expect(tries).toBe(1);
  });
});

describe('Retry-After', () => {
  const now = Date.UTC(2026, 0, 1);
  it.each([
    [null, undefined],
    ['0', 0],
    ['7', 7000],
    ['Thu, 01 Jan 2026 00:00:05 GMT', 5000],
    ['Wed, 31 Dec 2025 23:59:00 GMT', 0],
    ['soon', undefined],
    ['', undefined],
  ])('%s is %s ms', (value, ms) => {
    expect(parseRetryAfter(value, now)).toBe(ms);
  });
});
