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

/** Everything that docs/fleet.md shows, each with and without jitter. */
export const SCENARIOS: readonly NamedScenario[] = [
  ...[1, 100, 10_000].map((nodes) => scenario(STEADY_STATE, { nodes, ...DAY, ...STEADY })),
  ...[100, 10_000].map((nodes) => scenario(ROLLING_START, { nodes, ...DAY, ...ROLLING })),
  ...[100, 10_000].map((nodes) => scenario(SIMULTANEOUS_START, { nodes, ...DAY, ...AT_ONCE })),
  scenario(STEADY_STATE, { nodes: 10_000, ...STEADY, hours: 6, pullsPerHour: 60 }),
  scenario(STEADY_STATE, { nodes: 10_000, ...DAY, ...STEADY, registries: 3 }),
].flatMap((one) => [
  { ...one, jitter: true },
  { ...one, jitter: false },
]);

function scenario(name: string, values: Omit<Scenario, 'jitter'>): NamedScenario {
  const { pullsPerHour, hours, registries } = values;
  const of = registries === undefined ? '' : ` of ${registries} registries`;
  return { ...values, name, jitter: true, load: `${pullsPerHour}/h${of}, ${hours} h` };
}
