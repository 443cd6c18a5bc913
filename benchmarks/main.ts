import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { EXECUTABLE } from '../test/support/executable.ts';
import type { Case } from './case.ts';
import { answers } from './cases/answers.ts';
import { cold } from './cases/cold.ts';
import { keychain } from './cases/keychain.ts';
import type { Effort } from './measure.ts';
import { judge } from './must-show.ts';
import { type CaseResult, runCase } from './run-case.ts';
import { caseTable, verdictTable } from './table.ts';
import { createWorld } from './world.ts';

const CASES: readonly Case[] = [answers, keychain, cold];

const FULL: Effort = { warmUp: 6, rounds: 60, memoryRuns: 3 };
const QUICK: Effort = { warmUp: 1, rounds: 6, memoryRuns: 1 };

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [] },
    executable: { type: 'string', default: EXECUTABLE },
  },
});

const world = createWorld(mkdtempSync(join(tmpdir(), 'icr-bench-')), values.executable);
try {
  const results: CaseResult[] = [];
  for (const one of CASES.filter(({ name }) => values.only.length === 0 || values.only.includes(name))) {
    const result = await runCase(one, world, values.quick ? QUICK : FULL);
    results.push(result);
    console.log(`${caseTable(result)}\n`);
  }
  console.log(verdictTable(judge(results)));
} finally {
  await world.stop();
  rmSync(world.folder, { recursive: true, force: true });
}
