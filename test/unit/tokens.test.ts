import { describe, expect, it } from 'vitest';
import { isFresh, isUsable, parseTokens } from '../../src/tokens.ts';

const NOW = 1_800_000_000_000;
const token = (age: number, expiresIn = 3600) => ({
  accessToken: 't',
  receivedAt: NOW - age * 1000,
  expiresIn,
});

describe('freshness', () => {
  it.each([
    [0, 3600, true],
    [900, 3600, true],
    [901, 3600, false],
    [225, 900, true],
    [226, 900, false],
    [3600, 3600, false],
    [-1, 3600, false],
  ])('%i s after receipt, of %i s: %s', (age, expiresIn, fresh) => {
    expect(isFresh(token(age, expiresIn), NOW)).toBe(fresh);
  });

  it.each([
    [3540, true],
    [3541, false],
    [3600, false],
    [-3600, false],
  ])('usable %i s after receipt: %s', (age, usable) => {
    expect(isUsable(token(age), NOW)).toBe(usable);
  });
});

describe('what was sealed', () => {
  it.each([
    '',
    '{}',
    'null',
    '[]',
    '"x"',
    '{"accessToken":1,"receivedAt":1,"expiresIn":1}',
    '{"accessToken":"a"}',
    '{"accessToken":"a","refreshToken":1,"receivedAt":1,"expiresIn":1}',
  ])('%s is no token', (text) => {
    expect(parseTokens(text)).toBeNull();
  });

  it('comes back', () => {
    expect(parseTokens(JSON.stringify(token(0)))).toEqual(token(0));
  });
});
