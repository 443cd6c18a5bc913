import { describe, expect, it } from 'vitest';
import { parseProcessStat } from '../../src/process-stat.ts';

describe('parseProcessStat', () => {
  const rest = `${Array.from({ length: 18 }, (_, i) => i).join(' ')} 4711 99`;

  it.each([['12 (sh) S'], ['12 (a b) S'], ['12 (:-) R 1) S'], ['12 () S']])(
    'finds the start time in %s …',
    (beginning) => {
      expect(parseProcessStat(`${beginning} ${rest}`)).toEqual({ pid: 12, start: '4711', isZombie: false });
    },
  );

  it('knows the dead whose parent has not looked', () => {
    expect(parseProcessStat(`12 (sh) Z ${rest}`)?.isZombie).toBe(true);
    expect(parseProcessStat(`12 (sh) X ${rest}`)?.isZombie).toBe(true);
  });

  it('is null for anything else', () => {
    expect(parseProcessStat('')).toBeNull();
    expect(parseProcessStat('12 (sh) S 1 2')).toBeNull();
  });
});
