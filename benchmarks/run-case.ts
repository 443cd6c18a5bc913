import type { Case } from './case.ts';
import { type Effort, type Measured, measure, type Subject } from './measure.ts';
import { median, type Ratio, ratio, type Summary, summarize } from './statistics.ts';
import { isOurs, originalOf, twinName, withTwins } from './twins.ts';
import type { World } from './world.ts';

export interface CaseResult {
  name: string;
  title: string;
  rounds: number;
  /** What the ratios of the subjects are to. */
  beside: string | null;
  /** What was not there, so that nothing was measured. */
  needs: string | null;
  subjects: SubjectResult[];
}

export interface SubjectResult {
  name: string;
  /** This program, and not another. */
  isOurs: boolean;
  /** How many processes one run is. */
  processes: number;
  wallMs: Summary;
  cpuMs: Summary;
  /** Median of the page faults. */
  faults: number;
  /** Of the largest process, 1,000,000 bytes; null without GNU time. */
  peakMb: number | null;
  /** To the subject that this case is beside; null for that one. */
  ratio: Ratio | null;
  /** Of the program to the other build, where one was given. */
  toBaseline: Ratio | null;
  /** Milliseconds, round by round. */
  samplesMs: number[];
}

/** Prepares a case, measures it, and makes sure that IAM was asked as often as it should have been. */
export async function runCase(one: Case, world: World, effort: Effort): Promise<CaseResult> {
  const { subjects: all, beside = '', needs = null, exchanges = {} } = await one.prepare(world);
  const subjects = withTwins(
    all.filter((subject) => subject !== null),
    world,
  );
  const before = await exchangesOf(world);
  const measured = await measure(subjects, effort, world.interrupted);
  const made = (await exchangesOf(world)) - before;
  const runs = effort.warmUp + effort.rounds;
  const expected = subjects.reduce(
    (sum, { name }) =>
      sum + (exchanges[originalOf(name)] ?? 0) * (runs + (measured[name]?.peaksKb.length ?? 0)),
    0,
  );
  if (made !== expected)
    throw new Error(`${one.name}: ${made} exchanges with IAM where there should be ${expected}`);
  const reference = measured[beside];
  return {
    name: one.name,
    title: one.title,
    rounds: effort.rounds,
    beside: reference ? beside : null,
    needs,
    subjects: subjects.map((subject) =>
      resultOf(subject, measured, {
        isOurs: isOurs(subject, world),
        reference: subject.name === beside ? undefined : reference,
      }),
    ),
  };
}

async function exchangesOf(world: World): Promise<number> {
  return (await world.double()).exchanges();
}

function resultOf(
  { name, steps }: Subject,
  measured: Record<string, Measured>,
  { isOurs, reference }: { isOurs: boolean; reference: Measured | undefined },
): SubjectResult {
  const { samples = [], peaksKb = [] } = measured[name] ?? {};
  const samplesMs = samples.map(({ wallMs }) => round(wallMs));
  const ratioTo = (other: Measured | undefined) =>
    other
      ? ratio(
          samplesMs,
          other.samples.map(({ wallMs }) => wallMs),
        )
      : null;
  return {
    name,
    isOurs,
    processes: steps.length,
    wallMs: summarize(samplesMs),
    cpuMs: summarize(samples.map(({ cpuMs }) => cpuMs)),
    faults: median(samples.map(({ faults }) => faults)),
    // Kilobytes of getrusage(2) are 1,024 bytes.
    peakMb: peaksKb.length === 0 ? null : (median(peaksKb) * 1024) / 1e6,
    ratio: ratioTo(reference),
    toBaseline: ratioTo(measured[twinName(name)]),
    samplesMs,
  };
}

/** Microseconds. */
function round(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
