import { lstatSync, mkdirSync, mkdtempSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Call, type CrashPoint, failAt, killAt, listCrashPoints } from './crash-points.ts';
import { makeSubject, type Scenario, type Subject } from './crash-scenarios.ts';
import { EXECUTABLE, helperOf, runHelper } from './executable.ts';
import { makeHomeIn } from './home.ts';
import { findFaults, leftovers } from './home-check.ts';
import { startLocalIam } from './local-iam.ts';
import { pause } from './pause.ts';
import { command } from './processes.ts';

/** How a call is ended before its time, and in which words a fault is told. */
export interface Ending {
  what: string;
  /** Its exit code, null if it was killed. */
  run(call: Call): Promise<{ code: number | null; stdout: string; stderr: string }>;
}

export interface Ended {
  /** All that is wrong afterwards. */
  faults: string[];
  code: number | null;
  lost: boolean;
  /** Temporary files that it left behind. */
  leftovers: string[];
  /** How long the next call of the same kind took, milliseconds. */
  nextMs: number;
}

export const killedAt = (point: CrashPoint): Ending => ({
  what: `killed at ${tell(point)}`,
  run: (call) => killAt(point, call),
});

export const failedAt = (point: CrashPoint, error: string): Ending => ({
  what: `${error} at ${tell(point)}`,
  run: (call) => failAt(point, error, call),
});

export function killedAfter(ms: number): Ending {
  const run = async ({ args, input, env }: Call) => {
    const timeout = ['--signal=KILL', (ms / 1000).toFixed(4), EXECUTABLE, ...args];
    const ended = await command('/usr/bin/timeout', timeout, { env, input });
    return { ...ended, code: ended.code === 137 ? null : ended.code };
  };
  return { what: `killed after ${ms.toFixed(1)} ms`, run };
}

const tell = ({ call, ordinal, what }: CrashPoint) => `${call} ${ordinal} ${what}`;

/** One scenario again and again, each time in a home of its own; for one test. */
export async function startCrashLab(scenario: Scenario) {
  const { iam, url, env } = await startLocalIam();
  if (scenario.tokenLifetime !== undefined) iam.tokenLifetime = scenario.tokenLifetime;
  const folder = mkdtempSync(join(tmpdir(), 'icr-crash-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  let count = 0;

  async function withSubject<T>(work: (subject: Subject) => Promise<T>): Promise<T> {
    const name = `s${++count}`;
    mkdirSync(join(folder, name), { mode: 0o700 });
    const home = makeHomeIn(join(folder, name));
    home.configure({ iamEndpoint: url });
    const subject = makeSubject(iam, home, { ...home.env, SSL_CERT_FILE: env['SSL_CERT_FILE'] ?? '' }, name);
    await scenario.prepare(subject);
    const result = await work(subject);
    home.remove();
    return result;
  }

  /** What a good run does and changes. */
  const study = () =>
    withSubject(async (subject) => {
      const before = await scenario.observe(subject);
      await scenario.prepare(subject);
      const points = await listCrashPoints(scenario.call(subject), subject.home.folder);
      return { points, before, after: await scenario.observe(subject) };
    });

  type Seen = Pick<Awaited<ReturnType<typeof study>>, 'before' | 'after'>;

  const end = (ending: Ending, { before, after }: Seen): Promise<Ended> =>
    withSubject(async (subject) => {
      const call = scenario.call(subject);
      const { code, stdout, stderr } = await ending.run(call);
      const faults = findFaults(subject.home);
      if (code !== null && code !== 0 && !isClear(stdout, stderr)) faults.push(`said ${stdout}${stderr}`);
      const left = leftovers(subject.home);
      const list = await helperOf(subject.env).list();
      if (list.code !== 0 || !list.stdout.startsWith('{')) faults.push(`list: ${list.stdout}`);
      const seen = await scenario.observe(subject);
      const isRight = (part: string, index: number) =>
        (part === before[index] && code !== 0) || part === after[index];
      const wrong = seen.filter((part, index) => !isRight(part, index));
      const excused = wrong.filter((part) => scenario.mayBe?.(part, subject));
      if (wrong.length > excused.length) faults.push(`there is now ${JSON.stringify(wrong)}`);
      makeOld(subject, left);
      const nextMs = await callAgain(call, excused.length > 0, faults);
      if (excused.length === 0 && (await scenario.observe(subject)).join() !== after.join())
        faults.push('the next call changes nothing');
      faults.push(...findFaults(subject.home), ...(await leftoversAfterAll(subject)));
      return {
        faults: faults.map((fault) => `${ending.what}: ${fault}`),
        code,
        lost: excused.length > 0,
        leftovers: left,
        nextMs,
      };
    });

  return { study, end };
}

async function callAgain({ args, input, env }: Call, mayFail: boolean, faults: string[]): Promise<number> {
  const start = performance.now();
  const next = await runHelper(args, { env, input });
  if (next.code !== 0 && !mayFail) faults.push(`the next call: ${next.stdout}${next.stderr}`);
  return performance.now() - start;
}

/** As they are a minute later. */
function makeOld({ home }: Subject, files: readonly string[]): void {
  const then = Date.now() / 1000 - 120;
  for (const file of files) {
    const path = join(home.folder, file);
    if (lstatSync(path, { throwIfNoEntry: false })) utimesSync(path, then, then);
  }
}

/** Whoever writes next in a folder clears it; keys are made once and lie beside what is left of making them. */
async function leftoversAfterAll(subject: Subject): Promise<string[]> {
  if (leftovers(subject.home).length === 0) return [];
  const helper = helperOf(subject.env);
  await helper.store('later.example', 'anna', 'later');
  // Where tokens are renewed: whoever renews the next one.
  await pause(300);
  await helper.get('us.icr.io');
  const left = leftovers(subject.home).filter((path) => !/\/(?:store-)?key\.[0-9a-f]+\.tmp$/.test(path));
  return left.map((path) => `${path} is left for ever`);
}

/** The protocol's failure is one line on both streams; a command has lines for warning, error and hint. */
function isClear(stdout: string, stderr: string): boolean {
  return /^[^\n]+\n$/.test(stdout)
    ? stdout === stderr
    : /^(?:warning: [^\n]+\n)?error: [^\n]+\n(?:hint: [^\n]+\n)?$/.test(stderr);
}
