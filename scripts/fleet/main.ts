import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { IAM_LIMIT } from './iam.ts';
import { type Panel, plot } from './plot.ts';
import {
  HOURLY_JOB,
  HOURLY_JOB_ALONE,
  type NamedScenario,
  ROLLING_START,
  SCENARIOS,
  SIMULTANEOUS_START,
  SPREAD_JOB,
  STEADY_STATE,
} from './scenarios.ts';
import { type Outcome, simulate } from './simulate.ts';
import { HEADING, rowOf } from './table.ts';

/** The figures and the plot of docs/fleet.md: some minutes for some weeks of nodes. */
const file = fileURLToPath(new URL('../../docs/fleet.svg', import.meta.url));
const LARGEST = 10_000;
const SHOWN_MINUTES = 6 * 60;

const outcomes: { scenario: NamedScenario; outcome: Outcome }[] = [];
console.log(HEADING);
for (const scenario of SCENARIOS) {
  const outcome = await simulate(scenario);
  outcomes.push({ scenario, outcome });
  console.log(rowOf(scenario, outcome));
}
writeFileSync(file, plot('Requests of a fleet at IAM by minute', [calm(), burst(), together()]));

function calm(): Panel {
  return {
    title: `${LARGEST.toLocaleString('en-US')} nodes, 6 pulls of each an hour: requests at IAM by minute`,
    top: 400,
    limits: [{ value: IAM_LIMIT / 10, label: 'a tenth of what IAM has threatened to block' }],
    lines: [
      line(STEADY_STATE, true, '#1f77b4'),
      line(ROLLING_START, true, '#2ca02c'),
      line(ROLLING_START, false, '#ff7f0e'),
    ],
  };
}

function burst(): Panel {
  return {
    title: 'The same nodes, all started within ten seconds (logarithmic)',
    top: 100_000,
    logarithmic: true,
    limits: [{ value: IAM_LIMIT, label: `${IAM_LIMIT} a minute: HTTP 429 beyond` }],
    lines: [line(SIMULTANEOUS_START, true, '#1f77b4'), line(SIMULTANEOUS_START, false, '#ff7f0e')],
  };
}

function together(): Panel {
  return {
    title: 'An hourly job whose image every node pulls (logarithmic)',
    top: 100_000,
    logarithmic: true,
    limits: [{ value: IAM_LIMIT, label: `${IAM_LIMIT} a minute: HTTP 429 beyond` }],
    lines: [
      line(HOURLY_JOB_ALONE, true, '#ff7f0e'),
      line(HOURLY_JOB, true, '#1f77b4'),
      line(SPREAD_JOB, true, '#2ca02c'),
    ],
  };
}

function line(name: string, jitter: boolean, colour: string): Panel['lines'][number] {
  const found = outcomes.find(
    ({ scenario }) => scenario.name === name && scenario.jitter === jitter && scenario.nodes === LARGEST,
  );
  const values = found?.outcome.asked.slice(0, SHOWN_MINUTES) ?? [];
  return { label: `${name}, ${jitter ? 'with' : 'without'} jitter`, colour, values };
}
