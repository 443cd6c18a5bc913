import { describe, expect, it } from 'vitest';
import { isFailureSince, parseClaim } from '../../../src/lock/claim.ts';

const claim = { id: 'ab', pid: 12, start: '4711', scope: 'boot pid:[1]', deadline: 1000, free: false };
const failure = { code: 'rejected', message: 'no', hint: 'log in', endedAt: 500 };
const parse = (changes: object) => parseClaim(JSON.stringify({ ...claim, ...changes }));

describe('a claim', () => {
  it.each([
    {},
    { start: null, scope: null },
    { free: true, pid: 1 },
    { failure },
    { failure: { ...failure, hint: undefined } },
    // A later version may know more of them.
    { failure: { ...failure, code: 'tired' } },
  ])('may say %j', (changes) => {
    expect(parse(changes)).toEqual(JSON.parse(JSON.stringify({ ...claim, ...changes })));
  });

  it.each([
    { id: 1 },
    { id: undefined },
    { pid: '12' },
    { pid: 0 },
    { pid: -1 },
    { pid: 1.5 },
    { pid: 2 ** 53 },
    { start: undefined },
    { start: 4711 },
    { scope: undefined },
    { scope: 7 },
    { deadline: '1000' },
    { deadline: null },
    { free: 'no' },
    { free: undefined },
    { failure: null },
    { failure: 'no' },
    { failure: { ...failure, code: 7 } },
    { failure: { ...failure, message: undefined } },
    { failure: { ...failure, hint: 7 } },
    { failure: { ...failure, endedAt: '500' } },
  ])('that says %j is none', (changes) => {
    expect(parse(changes)).toBeNull();
  });

  it.each(['', '{', 'null', '7', '[]', '"claim"'])('is not %j', (text) => {
    expect(parseClaim(text)).toBeNull();
  });
});

it.each([
  ['after we began', 499, 1000, true],
  ['just when we began', 500, 1000, false],
  ['right now', 499, 500, true],
  ['in the future, before the clock was set back', 300, 499, false],
])('a failure that ended %s', (_, since, now, isOurs) => {
  expect(isFailureSince({ code: 'rejected', message: 'no', endedAt: 500 }, since, now)).toBe(isOurs);
});
