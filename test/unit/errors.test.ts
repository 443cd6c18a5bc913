import { describe, expect, it } from 'vitest';
import { HelperError, withHint } from '../../src/errors.ts';

describe('what to do where IAM says no', () => {
  const outcome = (work: Promise<unknown>) => withHint(work, 'trust it').catch((error) => error);

  it('is said where IAM does not say it', async () => {
    const no = new HelperError('rejected', 'no');
    expect(await outcome(Promise.reject(no))).toMatchObject({
      code: 'rejected',
      message: 'no',
      hint: 'trust it',
      cause: no,
    });
  });

  it.each([
    new HelperError('rejected', 'no', { hint: 'its own' }),
    new HelperError('unreachable', 'no'),
    new Error('a mistake'),
  ])('is left out for %s', async (error) => {
    expect(await outcome(Promise.reject(error))).toBe(error);
  });

  it('does not touch an answer', async () => {
    expect(await outcome(Promise.resolve('token'))).toBe('token');
  });
});
