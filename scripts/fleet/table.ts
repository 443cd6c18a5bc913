import type { NamedScenario } from './scenarios.ts';
import type { Outcome } from './simulate.ts';

const COLUMNS = [
  'nodes',
  'situation',
  'pulls of a node',
  'jitter',
  'pulls a minute',
  'requests at IAM a minute: mean',
  'peak',
  'peak after 10 min',
  'answered by the kubelet’s memory',
  'by the program’s cache',
  'refused',
  'least life handed out',
  'at a pull',
];

export const HEADING = `| ${COLUMNS.join(' | ')} |\n|${COLUMNS.map(() => '---|').join('')}`;

/** A row of docs/fleet.md. */
export function rowOf(scenario: NamedScenario, outcome: Outcome): string {
  const { asked, pulls, fromKubelet, fromCache, failed } = outcome;
  const cells = [
    whole(scenario.nodes),
    scenario.name,
    scenario.load,
    scenario.jitter ? 'yes' : 'no',
    rate(pulls / asked.length),
    rate(asked.reduce((sum, one) => sum + one, 0) / asked.length),
    whole(Math.max(...asked)),
    whole(Math.max(...asked.slice(10))),
    share(fromKubelet / pulls),
    share(fromCache / pulls),
    whole(failed),
    share(outcome.leastHandedOut),
    share(outcome.leastAtPull),
  ];
  return `| ${cells.join(' | ')} |`;
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

function rate(value: number): string {
  return value >= 100 ? whole(value) : value.toFixed(2);
}

function share(value: number): string {
  return `${(value * 100).toFixed(1)} %`;
}
