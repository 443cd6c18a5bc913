import type { Scenario } from './simulate.ts';

export interface NamedScenario extends Scenario {
  name: string;
  load: string;
}

const DAY = { hours: 24, pullsPerHour: 6 };
/** Nodes that began at any time: what came of the beginning is over. */
const STEADY = { startMinutes: 240, warmUpMinutes: 360 };
const ROLLING = { startMinutes: 120 };
/** A power failure: all of them within ten seconds. */
const AT_ONCE = { startMinutes: 1 / 6 };

export const STEADY_STATE = 'steady state';
export const ROLLING_START = 'rolling start, 2 h';
export const SIMULTANEOUS_START = 'all at once';
/** Pulls that do not come by chance: a CronJob or DaemonSet with one image, on every node. */
export const HOURLY_JOB = 'an hourly job on every node';
export const HOURLY_JOB_ALONE = 'nothing but an hourly job';
export const SPREAD_JOB = 'an hourly job, spread over 30 min';
const WITHIN_30_S = { hourlyWithinMinutes: 1 / 2 };

const BOTH_WAYS = [
  ...[1, 100, 10_000].map((nodes) => scenario(STEADY_STATE, { nodes, ...DAY, ...STEADY })),
  ...[100, 10_000].map((nodes) => scenario(ROLLING_START, { nodes, ...DAY, ...ROLLING })),
  ...[100, 10_000].map((nodes) => scenario(SIMULTANEOUS_START, { nodes, ...DAY, ...AT_ONCE })),
  scenario(STEADY_STATE, { nodes: 10_000, ...STEADY, hours: 6, pullsPerHour: 60 }),
  scenario(STEADY_STATE, { nodes: 10_000, ...DAY, ...STEADY, registries: 3 }),
  scenario(HOURLY_JOB, { nodes: 10_000, ...DAY, ...STEADY, ...WITHIN_30_S }),
].flatMap((one) => [
  { ...one, jitter: true },
  { ...one, jitter: false },
]);

/** Everything that docs/fleet.md shows; the last two only with jitter, which changes nothing there. */
export const SCENARIOS: readonly NamedScenario[] = [
  ...BOTH_WAYS,
  scenario(HOURLY_JOB_ALONE, {
    ...{ nodes: 10_000, pullsPerHour: 0, ...WITHIN_30_S, hours: 3, startMinutes: 60, warmUpMinutes: 60 },
  }),
  scenario(SPREAD_JOB, { nodes: 10_000, ...DAY, ...STEADY, hourlyWithinMinutes: 30 }),
];

function scenario(name: string, values: Omit<Scenario, 'jitter'>): NamedScenario {
  const { pullsPerHour, hours, registries, hourlyWithinMinutes } = values;
  const of = registries === undefined ? '' : ` of ${registries} registries`;
  const job = hourlyWithinMinutes === undefined ? '' : ' + 1 each hour';
  return { ...values, name, jitter: true, load: `${pullsPerHour}/h${of}${job}, ${hours} h` };
}
