import { appendFileSync, existsSync, writeFileSync, writeSync } from 'node:fs';
import { createClaimLock } from '../../src/lock/claim-lock.ts';
import type { HeldLock, Lock } from '../../src/lock/lock.ts';
import type { WorkerOptions } from './lock-processes.ts';
import { lockSystem } from './lock-system.ts';
import { pause } from './pause.ts';

/** One contender as a process of its own; started by lock-processes.ts, tells on stdout what happens. */

const PATIENT_MS = 60_000;

const options: WorkerOptions = JSON.parse(process.argv[2] ?? '{}');
const { id, folder, log, claimLifeMs } = options;
const lock = createClaimLock({ folder, name: 'exchange', system: lockSystem(), claimLifeMs });

switch (options.role) {
  case 'churn':
    await churn(lock);
    break;
  case 'hold':
    for (let i = 0; i < options.turnsBefore; i++) (await takeWhenFree(lock)).release();
    await hold(lock);
    break;
  case 'try':
    say((await lock.acquire({ waitMs: options.waitMs })).outcome);
    break;
  case 'share':
    await share(lock, `${folder}/value`);
    break;
  case 'adopt':
    await adopt(lock);
    break;
}

/** In and out for ever, with a line in the log at each: the witness that knows nothing of the lock. */
async function churn(contended: Lock): Promise<never> {
  say('ready');
  for (;;) {
    const held = await takeWhenFree(contended);
    note('+');
    await pause(Math.random() * 8);
    if (!held.isStillHeld()) note('?');
    note('-');
    held.release();
    await pause(Math.random() * 10);
  }
}

/** Says so if it has to wait. */
async function takeWhenFree(contended: Lock): Promise<HeldLock> {
  const answer = await contended.acquire({ waitMs: PATIENT_MS, poll: sayOnceWaiting() });
  if (answer.outcome !== 'held') throw new Error(`cannot take the lock: ${answer.outcome}`);
  return answer.lock;
}

/** Until it is told to let go. */
async function hold(contended: Lock): Promise<void> {
  const held = await takeWhenFree(contended);
  note('+');
  say(`held ${Date.now()}`);
  process.stdin.on('data', (text) => {
    for (const command of String(text).trim().split('\n')) {
      if (command === 'check') say(`still held ${held.isStillHeld()}`);
      if (command === 'fail') held.release({ code: 'busy', message: 'refused', endedAt: Date.now() });
      if (command === 'release') held.release();
      if (command !== 'check') say('released');
    }
  });
}

/** As a `get` does it: the first to hold makes what the others wait for. */
async function share(contended: Lock, file: string): Promise<void> {
  const look = sayOnceWaiting();
  const poll = async () => (existsSync(file) ? true : look());
  const answer = await contended.acquire({ waitMs: PATIENT_MS, poll });
  if (answer.outcome === 'held') {
    writeFileSync(file, '');
    answer.lock.release();
  }
  say(`${answer.outcome} ${Date.now()}`);
}

/** As a `get` that finds another at the same exchange. */
async function adopt(contended: Lock): Promise<void> {
  const adoptFailuresSince = performance.timeOrigin;
  const answer = await contended.acquire({ waitMs: PATIENT_MS, adoptFailuresSince, poll: sayOnceWaiting() });
  say(answer.outcome === 'failed' ? `failed ${answer.failure.message}` : answer.outcome);
}

function sayOnceWaiting(): () => Promise<undefined> {
  let looks = 0;
  return async () => {
    if (++looks === 2) {
      if (options.role === 'hold') note('waits');
      say('waiting');
    }
    return undefined;
  };
}

function say(line: string): void {
  writeSync(1, `${line}\n`);
}

function note(event: string): void {
  appendFileSync(log, `${event} ${id}\n`);
}
