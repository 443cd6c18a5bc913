import { spawn } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { credentialsOf, EXECUTABLE, helperOf, IS_SCRIPT } from '../support/executable.ts';
import { pause } from '../support/pause.ts';
import { makeSessionHome, type SessionHome } from '../support/session-home.ts';

/** Real processes and a session between them; Linux; about eighty seconds on two idle cores. */

/** Node starts twenty times slower. */
const KILLS = Number(process.env['ICR_TEST_KILLS'] ?? (IS_SCRIPT ? 100 : 300));
const PROCESSES = 8;
const RENEWALS = 100;

const ROTATIONS = {
  strict: { rotateRefreshTokens: true },
  'with grace': { rotateRefreshTokens: true, rotationGrace: 60 },
  off: { rotateRefreshTokens: false },
};

describe('a session of our own', () => {
  it.each(Object.keys(ROTATIONS) as (keyof typeof ROTATIONS)[])(
    `is alive after ${RENEWALS} renewals by ${PROCESSES} processes at a time, rotation %s`,
    async (rotation) => {
      // Fresh for 25 ms: some processes find a token, some have to renew, at once. Under Node a renewal alone
      // takes longer than that, and nobody who waits would ever find one.
      const home = await makeSessionHome({ ...ROTATIONS[rotation], tokenLifetime: IS_SCRIPT ? 2 : 0.1 });
      const { iam, env } = home;
      let gets = 0;
      const keepAsking = async () => {
        for (; iam.tokenRequests() < RENEWALS; gets++)
          expect(credentialsOf(await helperOf(env).get('us.icr.io'))?.Username).toBe('iambearer');
      };
      await Promise.all(Array.from({ length: PROCESSES }, keepAsking));
      await pause(100);
      expect(credentialsOf(await helperOf(env).get('us.icr.io'))?.Username).toBe('iambearer');
      console.log(`renewals, rotation ${rotation}:`, { renewals: iam.tokenRequests(), gets });
      expect(iam.exchanges.filter(({ status }) => status !== 200)).toEqual([]);
      if (iam.rotateRefreshTokens) expect(new Set(home.shown).size).toBe(home.shown.length);
    },
  );

  it(`killed ${KILLS} times after IAM’s reply: the old token is tried once, and get answers or says how to log in`, async () => {
    const lanes = ['strict', 'strict', 'with grace', 'with grace'] as const;
    const tallies = await Promise.all(
      lanes.map(async (rotation) => ({
        rotation,
        ...(await killRepeatedly(rotation, KILLS / lanes.length)),
      })),
    );
    for (const rotation of ['strict', 'with grace'] as const) {
      const own = tallies.filter((tally) => tally.rotation === rotation);
      const sum = (count: keyof Tally) => own.reduce((total, tally) => total + tally[count], 0);
      const measured = { kills: sum('kills'), beforeWrite: sum('beforeWrite'), lost: sum('lost') };
      console.log(`killed after IAM's reply, rotation ${rotation}:`, measured);
      expect(measured.kills).toBeGreaterThanOrEqual(KILLS / 2);
      // Otherwise the kills came too late to show anything.
      expect(measured.beforeWrite).toBeGreaterThan(KILLS / 20);
      // What was not written cannot be had again; what was, or may be shown twice, is never lost.
      expect(measured.lost).toBe(rotation === 'strict' ? measured.beforeWrite : 0);
    }
  });
});

interface Tally {
  /** Processes that were killed after IAM had answered them. */
  kills: number;
  /** Of these, those that had not kept the successor yet. */
  beforeWrite: number;
  /** Sessions that could not be renewed afterwards. */
  lost: number;
}

async function killRepeatedly(rotation: keyof typeof ROTATIONS, wanted: number): Promise<Tally> {
  const home = await makeSessionHome({ ...ROTATIONS[rotation], tokenLifetime: 0.001 });
  const tally = { kills: 0, beforeWrite: 0, lost: 0 };
  while (tally.kills < wanted) {
    const old = home.shown.length;
    if (!(await getAndKill(home, tally.kills % 3 === 0 ? 0 : Math.random() * 5))) continue;
    tally.kills++;
    expect(home.shown).toHaveLength(old + 1);
    const next = await helperOf(home.env).get('us.icr.io');
    expect(home.shown).toHaveLength(old + 2);
    if (home.shown[old + 1] === home.shown[old]) tally.beforeWrite++;
    if (next.code === 0) continue;
    expect(next.stdout).toMatch(/the session at \S+ is over: .*; run docker-credential-icr login --sso/);
    tally.lost++;
    await home.seed();
  }
  return tally;
}

/** Kills a `get` so many milliseconds after IAM's answer was sent; false if it had come to its end by then. */
async function getAndKill(home: SessionHome, afterMs: number): Promise<boolean> {
  const child = spawn(EXECUTABLE, ['get'], { env: home.env, stdio: ['pipe', 'ignore', 'ignore'] });
  home.onAnswered = () => {
    home.onAnswered = () => {};
    if (afterMs === 0) child.kill('SIGKILL');
    else setTimeout(() => child.kill('SIGKILL'), afterMs);
  };
  child.stdin.on('error', () => {});
  child.stdin.end('us.icr.io');
  return new Promise((resolve) => child.on('close', (_, signal) => resolve(signal === 'SIGKILL')));
}
