import { expect, it } from 'vitest';
import { judge } from '../../../benchmarks/must-show.ts';
import type { CaseResult, SubjectResult } from '../../../benchmarks/run-case.ts';
import { summarize } from '../../../benchmarks/statistics.ts';

function subject(name: string, ms: number, peakMb: number | null = null): SubjectResult {
  const samplesMs = [ms, ms, ms];
  const times = { wallMs: summarize(samplesMs), cpuMs: summarize(samplesMs), faults: 0 };
  return { name, isOurs: true, processes: 1, ...times, peakMb, ratio: null, toBaseline: null, samplesMs };
}

function measured(name: string, subjects: SubjectResult[]): CaseResult {
  return { name, title: name, rounds: 3, beside: null, needs: null, subjects };
}

it('says for each limit whether it was reached, and never more than was measured', () => {
  const verdicts = judge([
    measured('answers', [
      subject('warm get', 6, 33),
      subject('ecr-login get', 4),
      subject('warm get, as installed', 7),
      subject('ecr-login get, as installed', 4),
      subject('not-found get', 4.5),
      subject('foreign host get', 5.5),
      subject('version', 4.4),
    ]),
    measured('keychain', [subject('keychain get', 9), subject('secretservice get', 10)]),
    measured('concurrent', [subject('100 cold, IAM 300 ms', 910), subject('100 warm', 400)]),
  ]);
  const said = verdicts.map(({ what, reached, measured: value }) => [
    what.slice(0, 24),
    reached,
    value?.toFixed(2) ?? null,
  ]);
  expect(said).toEqual([
    ['warm get / ecr-login get', 'yes', '1.50'],
    ['the same of files as the', 'no', '1.75'],
    ['warm get / `node -e 0`', 'not measured', null],
    ['keychain get / secretser', 'moonshot', '0.90'],
    ['cold get / (secretservic', 'not measured', null],
    ['not-found / `version` of', 'yes', '1.02'],
    ['foreign host / `version`', 'no', '1.25'],
    // The latency is added to what is compared with: 910 / (400 + 300).
    ['100 concurrent cold gets', 'yes', '1.30'],
    ['warm get with 10,000 sto', 'not measured', null],
    ['peak memory of a warm ge', 'no', '33.00'],
  ]);
});
