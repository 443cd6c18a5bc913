import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { EXECUTABLE } from '../test/support/executable.ts';
import type { Case } from './case.ts';
import { answers } from './cases/answers.ts';
import { changes } from './cases/changes.ts';
import { cold } from './cases/cold.ts';
import { concurrent } from './cases/concurrent.ts';
import { credHelpers } from './cases/cred-helpers.ts';
import { keychain } from './cases/keychain.ts';
import { latency } from './cases/latency.ts';
import { pageCache } from './cases/page-cache.ts';
import { registries } from './cases/registries.ts';
import { skopeo } from './cases/skopeo.ts';
import { describeMachine, peerPrograms } from './machine.ts';
import type { Effort } from './measure.ts';
import { writeFigures, writeIntoPage } from './publish.ts';
import { makeReport, type Report, reportText } from './report.ts';
import { type CaseResult, runCase } from './run-case.ts';
import { createWorld, dropFromPageCache } from './world.ts';

/** The figures of docs/performance.md; scripts/bench.mjs starts it. */
const CASES: readonly Case[] = [
  ...[answers, keychain, cold, changes, pageCache],
  ...[concurrent, registries, credHelpers, latency, skopeo],
];

const FULL: Effort = { warmUp: 6, rounds: 60, memoryRuns: 3 };
const QUICK: Effort = { warmUp: 1, rounds: 5, memoryRuns: 1 };

const DOCS = fileURLToPath(new URL('../docs', import.meta.url));

const { values } = parseArgs({
  options: {
    /** A few rounds, to see that everything works. */
    quick: { type: 'boolean', default: false },
    /** Names of cases; all without it. */
    only: { type: 'string', multiple: true, default: [] },
    /** In place of the program that was built here. */
    executable: { type: 'string', default: EXECUTABLE },
    /** Another build, measured beside it. */
    baseline: { type: 'string' },
    /** Where to write figures; without it a full run writes into docs, and every other nowhere. */
    out: { type: 'string' },
  },
});

try {
  await main(chosenCases(values.only));
} catch (error) {
  console.error(`bench failed: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}

async function main(cases: readonly Case[]): Promise<void> {
  const machine = describeMachine();
  const folder = mkdtempSync(join(tmpdir(), 'icr-bench-'));
  const { executable: program, baseline } = values;
  dropFromPageCache(peerPrograms());
  const world = createWorld(folder, { program, baseline, interrupted: interruption() });
  try {
    const results: CaseResult[] = [];
    for (const one of cases) {
      console.error(`${one.name} …`);
      results.push(await runCase(one, world, effortFor(one)));
    }
    const report = makeReport(results, world, { isQuick: values.quick, machine });
    console.log(reportText(report));
    if (values.out) writeFigures(report, values.out);
    else if (!values.quick && cases === CASES && values.baseline === undefined) publish(report);
  } finally {
    await world.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What was started has to be stopped, whatever happens. */
function interruption(): AbortSignal {
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => interrupted.abort());
  return interrupted.signal;
}

function publish(report: Report): void {
  writeFigures(report, DOCS);
  writeIntoPage(report, join(DOCS, 'performance.md'));
}

function chosenCases(names: readonly string[]): readonly Case[] {
  const unknown = names.filter((name) => !CASES.some((one) => one.name === name));
  if (unknown.length > 0)
    throw new Error(`no case ${unknown.join(', ')}: there are ${CASES.map(({ name }) => name).join(', ')}`);
  return names.length === 0 ? CASES : CASES.filter(({ name }) => names.includes(name));
}

function effortFor({ rounds = FULL.rounds }: Case): Effort {
  return values.quick ? QUICK : { ...FULL, rounds };
}
