import { parseRetryAfter } from '../../../src/retry.ts';
import { must, type Target } from '../target.ts';

/** The header of that name. */
export function retryAfter(): Target {
  return {
    files: ['retry.ts'],
    seeds: ['0', '120', ' 7 ', '-1', '1e9', '9'.repeat(400), 'Wed, 21 Oct 2026 07:28:00 GMT', ''],
    check: (input) => {
      const ms = parseRetryAfter(input, 1_800_000_000_000);
      must(ms === undefined || (Number.isFinite(ms) && ms >= 0), `a pause of ${ms} ms`);
    },
  };
}
