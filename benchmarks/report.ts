import { describePrograms, type Machine, type Program } from './machine.ts';
import { judge, type Verdict } from './must-show.ts';
import type { CaseResult } from './run-case.ts';
import { caseTable, programTable, verdictTable } from './table.ts';
import type { World } from './world.ts';

/** docs/performance.json. */
export interface Report {
  version: 1;
  /** ISO 8601. */
  measuredAt: string;
  /** Too few rounds to be sure of anything. */
  isQuick: boolean;
  machine: Machine;
  programs: Program[];
  verdicts: Verdict[];
  cases: CaseResult[];
}

/** `machine` as it was before the first case: what we do is no load of others. */
export function makeReport(
  cases: CaseResult[],
  { executable }: World,
  options: { isQuick: boolean; machine: Machine },
): Report {
  return {
    version: 1,
    measuredAt: new Date().toISOString(),
    ...options,
    programs: describePrograms(executable),
    verdicts: judge(cases),
    cases,
  };
}

/** Markdown. */
export function reportText({ measuredAt, isQuick, machine, programs, verdicts, cases }: Report): string {
  const { processor, cores, memoryGiB, system, kernel, load } = machine;
  const where = `${processor}, ${cores} cores, ${memoryGiB} GiB, ${system}, Linux ${kernel}`;
  return [
    `Measured on ${measuredAt.slice(0, 10)} on ${where}; load before the start ${load.toFixed(2)}.`,
    ...(isQuick ? ['A quick run: too few rounds to be sure of anything.'] : []),
    verdictTable(verdicts),
    ...cases.map(caseTable),
    programTable(programs),
  ].join('\n\n');
}
