import { describe, expect, it } from 'vitest';
import { type Event, wrongAnswers } from '../../support/history.ts';

const store = (made: string | null, start: number, end: number): Event => ({
  registry: 'r',
  made,
  start,
  end,
});
const get = (saw: string | null, start: number, end: number): Event => ({ registry: 'r', saw, start, end });

describe('the judge of answers', () => {
  it.each([
    ['nothing before the first store', [get(null, 0, 1), store('a', 2, 3)]],
    ['what is stored', [store('a', 0, 1), get('a', 2, 3)]],
    ['either during a change', [store('a', 0, 1), store('b', 2, 5), get('a', 3, 4), get('b', 3, 4)]],
    ['either of two changes at once', [store('a', 0, 3), store('b', 1, 2), get('a', 4, 5), get('b', 4, 5)]],
    [
      'either after a failure',
      [store('a', 0, 1), { ...store(null, 2, 3), failed: true }, get('a', 4, 5), get(null, 6, 7)],
    ],
    ['nothing after an erase', [store('a', 0, 1), store(null, 2, 3), get(null, 4, 5)]],
  ])('accepts %s', (_, events) => {
    expect(wrongAnswers(events)).toEqual([]);
  });

  it.each([
    ['nothing after a store', [store('a', 0, 1), get(null, 2, 3)]],
    ['what another store has replaced', [store('a', 0, 1), store('b', 2, 3), get('a', 4, 5)]],
    ['what was erased', [store('a', 0, 1), store(null, 2, 3), get('a', 4, 5)]],
    ['what comes later', [get('a', 0, 1), store('a', 2, 3)]],
    ['what nobody stored', [store('a', 0, 1), get('b', 2, 3)]],
  ])('rejects %s', (_, events) => {
    expect(wrongAnswers(events)).toHaveLength(1);
  });
});
