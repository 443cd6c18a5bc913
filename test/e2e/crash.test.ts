import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Ended, failedAt, killedAfter, killedAt, startCrashLab } from '../support/crash-lab.ts';
import { strace, traceCalls } from '../support/crash-points.ts';
import { SCENARIOS } from '../support/crash-scenarios.ts';
import { credentialsOf, helperOf } from '../support/executable.ts';
import { findFaults } from '../support/home-check.ts';
import { inTurns } from '../support/in-turns.ts';
import { startLocalIam } from '../support/local-iam.ts';
import { createRandom } from '../support/random.ts';
import { makeHome } from '../support/test-home.ts';

/**
 * The executable, killed at and failed by its own system calls. By default at those that change
 * something, with a few random kills; by `npm run crash-test` also at those that open a file only to
 * read it, and 200 random kills of each kind.
 */
const FULL = process.env['ICR_TEST_FULL'] === '1';
const RANDOM_KILLS = FULL ? 200 : 12;
const SEED = Number(process.env['ICR_TEST_SEED'] ?? 1);
/** Two cores, and IAM is in this process. */
const AT_ONCE = 3;
/** Less than a call waits for a lock, more than a busy machine takes: finds who is blocked by the dead. */
const BLOCKED_MS = 10_000;

describe.each(SCENARIOS)('$name', (scenario) => {
  it('is done or not done, wherever it is killed', { timeout: 1_200_000 }, async () => {
    const lab = await startCrashLab(scenario);
    const good = await lab.study();
    const points = good.points.filter(({ changes }) => changes || FULL);
    const random = createRandom(SEED);
    const kills = [
      ...points.map(killedAt),
      ...Array.from({ length: RANDOM_KILLS }, () => killedAfter(2 + 40 * random())),
    ];
    const ended = await inTurns(kills, AT_ONCE, (kill) => lab.end(kill, good));
    report(`kill -9, ${scenario.name}`, ended, { points: points.length, ofCalls: good.points.length });
    expect(ended.flatMap(({ faults }) => faults)).toEqual([]);
    // What strace counts is the same from run to run, but for writes to wake a thread.
    const survived = ended.slice(0, points.length).filter(({ code }) => code !== null);
    expect(survived.length).toBeLessThan(6);
    expect(worst(ended)).toBeLessThan(BLOCKED_MS);
  });

  it('is done or not done on a full disk, and says so', { timeout: 1_200_000 }, async () => {
    const lab = await startCrashLab(scenario);
    const good = await lab.study();
    // What frees space does not fail for the lack of it.
    const points = good.points.filter(({ changes, call }) => changes && !/unlink|rmdir|fchown/.test(call));
    const ended = await inTurns(points, AT_ONCE, (point) => lab.end(failedAt(point, 'ENOSPC'), good));
    report(`ENOSPC, ${scenario.name}`, ended, { points: points.length });
    expect(ended.flatMap(({ faults }) => faults)).toEqual([]);
    expect(ended.filter(({ code }) => code === null)).toEqual([]);
  });
});

const worst = (ended: Ended[]) => Math.max(...ended.map(({ nextMs }) => nextMs));

function report(title: string, ended: Ended[], counts: object): void {
  console.log(`${title}:`, {
    ...counts,
    killed: ended.filter(({ code }) => code === null).length,
    refused: ended.filter(({ code }) => code !== null && code !== 0).length,
    lost: ended.filter(({ lost }) => lost).length,
    leftTemporaryFiles: ended.filter(({ leftovers }) => leftovers.length > 0).length,
    worstNextCallMs: Math.round(worst(ended)),
  });
}

describe('the disk', () => {
  it('has what was said to be stored, and the way to it, before the next step', async () => {
    const home = makeHome();
    const call = (args: string[], input: string) => ({ args, input, env: home.env });
    const stored = JSON.stringify({ ServerURL: 'r.example', Username: 'anna', Secret: 's' });
    const calls = [
      ...(await traceCalls(call(['store'], stored))),
      ...(await traceCalls(call(['erase'], 'r.example'))),
    ];
    const unsynced = calls.filter(({ name, text }, index) => {
      const path = /"([^"]+)"(?:, 0700)?\) = 0$/.exec(text)?.[1] ?? '';
      const isPromised = /\/(?:secrets|registries)\/|\/store-key$|\/store$/.test(path) || name === 'mkdir';
      const isName = /^(?:rename|link|unlink|mkdir)$/.test(name);
      if (path === '' || !isName || !isPromised || path.endsWith('.tmp')) return false;
      const folder = `<${path.slice(0, path.lastIndexOf('/'))}>`;
      return !calls.slice(index).some((later) => later.name === 'fsync' && later.text.includes(folder));
    });
    expect(unsynced).toEqual([]);
    const unsyncedContents = calls.filter(({ name, text }, index) => {
      const temporary = /^\("([^"]+\/(?:secrets|registries|state)\/[^"]+\.tmp)", .* = 0$/.exec(text)?.[1];
      if (temporary === undefined || !/^(?:rename|link)$/.test(name)) return false;
      return !calls.slice(0, index).some((it) => it.name === 'fsync' && it.text.includes(`<${temporary}>`));
    });
    expect(unsyncedContents).toEqual([]);
  });

  it('that is full does not cost a session: the refresh token is not shown', async () => {
    const { iam, env, apiKey } = await startLocalIam();
    iam.tokenLifetime = 1;
    const given = helperOf({ ...env, ICR_API_KEY: apiKey, ICR_CREDENTIAL_KIND: 'iamrefresh' });
    const session = credentialsOf(await given.get('us.icr.io'))?.Secret ?? '';
    await helperOf(env).store('us.icr.io', 'iamrefresh', session);
    const get = { args: ['get'], input: 'us.icr.io', env };
    const full = ['-o', '/dev/null', '-e', 'trace=fsync', '-e', 'inject=fsync:error=ENOSPC'];
    expect(await strace(full, get)).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^docker-credential-icr: [^\n]*no room left on the disk[^\n]*\n$/),
    });
    expect(iam.tokenRequests('refresh_token')).toBe(0);
    expect(credentialsOf(await helperOf(env).get('us.icr.io'))).toBeTruthy();
  });

  it('without hard links keeps secrets all the same, and a key file that was never written does no harm', async () => {
    const noLinks = ['-o', '/dev/null', '-e', 'trace=link,linkat', '-e', 'inject=link,linkat:error=EPERM'];
    const stored = JSON.stringify({ ServerURL: 'r.example', Username: 'anna', Secret: 's' });
    const home = makeHome();
    const store = { args: ['store'], input: stored, env: home.env };
    expect(await strace(noLinks, store)).toMatchObject({ code: 0 });
    expect(credentialsOf(await helperOf(home.env).get('r.example'))).toMatchObject({ Secret: 's' });
    expect(findFaults(home)).toEqual([]);
    // Killed between the two steps that it takes there.
    const key = join(home.folder, '.local/state/docker-credential-icr/store-key');
    writeFileSync(key, '');
    expect(await strace(noLinks, store)).toMatchObject({ code: 0, stdout: '' });
    expect(credentialsOf(await helperOf(home.env).get('r.example'))).toMatchObject({ Secret: 's' });
    expect(findFaults(home)).toEqual([]);
  });
});
