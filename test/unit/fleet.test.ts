import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createClock } from '../../scripts/fleet/clock.ts';
import { IAM_LIMIT } from '../../scripts/fleet/iam.ts';
import { SCENARIOS } from '../../scripts/fleet/scenarios.ts';
import { simulate } from '../../scripts/fleet/simulate.ts';
import { rowOf } from '../../scripts/fleet/table.ts';

const mean = (values: number[]) => values.reduce((sum, one) => sum + one, 0) / values.length;

describe('the fast clock', () => {
  it('does everything in order, and what waits for it before the next', async () => {
    const clock = createClock();
    const done: string[] = [];
    for (const time of [5, 1, 3, 2, 4]) clock.at(time, () => done.push(`${time}`));
    clock.at(2.5, () =>
      clock.go(async () => {
        await clock.sleep(1);
        await null;
        done.push(`slept until ${clock.now()}`);
      }),
    );
    await clock.runUntil(4);
    expect(done).toEqual(['1', '2', '3', 'slept until 3.5', '4']);
    expect(clock.now()).toBe(4);
  });
});

describe('a fleet', () => {
  const busy = { nodes: 500, pullsPerHour: 60, jitter: true, hours: 3 };

  it('asks once in 36 to 48 minutes and node, and hands out what has three quarters of its life', async () => {
    const { asked, failed, leastHandedOut, leastAtPull } = await simulate({
      ...busy,
      startMinutes: 120,
      warmUpMinutes: 150,
    });
    expect(mean(asked)).toBeGreaterThan(busy.nodes / 48);
    expect(mean(asked)).toBeLessThan(busy.nodes / 40);
    expect(failed).toBe(0);
    expect(leastHandedOut).toBeGreaterThanOrEqual(0.75);
    expect(leastAtPull).toBeGreaterThanOrEqual(0.15);
  });

  it('comes back apart after a common start, and together without jitter', async () => {
    const together = { ...busy, startMinutes: 1 / 6 };
    const secondWave = async (jitter: boolean) =>
      Math.max(...(await simulate({ ...together, jitter })).asked.slice(10));
    expect(await secondWave(true)).toBeLessThan((await secondWave(false)) / 2);
  });

  it('asks all at once where all nodes pull at once, each hour again: no jitter keeps a token so long', async () => {
    const hourly = async (hourlyWithinMinutes: number) => {
      const nodes = { nodes: 500, pullsPerHour: 0, jitter: true, hours: 3 };
      const { asked } = await simulate({
        ...nodes,
        startMinutes: 1,
        warmUpMinutes: 120,
        hourlyWithinMinutes,
      });
      return [0, 60, 120].map((hour) => Math.max(...asked.slice(hour, hour + 60)));
    };
    expect(await hourly(1 / 2)).toEqual([500, 500, 500]);
    expect(Math.max(...(await hourly(30)))).toBeLessThan(50);
  });

  it('is served in the end where IAM refuses most of it, and does not make that worse', async () => {
    const nodes = 1.5 * IAM_LIMIT;
    const { asked, given, failed, allServedAfter } = await simulate({
      ...{ nodes, pullsPerHour: 1, startMinutes: 1 / 6, jitter: true, hours: 0.5 },
    });
    expect(given[0]).toBe(IAM_LIMIT);
    expect(failed).toBeGreaterThan(0);
    // Once for each node, and twice more for a third of them: after 10 and 30 seconds.
    expect(asked[0]).toBeLessThan(nodes + 2.2 * (nodes - IAM_LIMIT));
    expect(allServedAfter).toBeGreaterThan(0);
  });

  it.each(SCENARIOS.filter(({ nodes }) => nodes <= 100))(
    'has the figures of docs/fleet.md: $nodes nodes, $name',
    async (scenario) => {
      const page = readFileSync(new URL('../../docs/fleet.md', import.meta.url), 'utf8');
      expect(page).toContain(rowOf(scenario, await simulate(scenario)));
    },
  );
});
