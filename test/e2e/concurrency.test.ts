import { chmodSync, chownSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ordinaryAccount } from '../support/accounts.ts';
import { helperOf } from '../support/executable.ts';
import { wrongAnswers } from '../support/history.ts';
import { makeHomeIn } from '../support/home.ts';
import { findFaults } from '../support/home-check.ts';
import { type Load, type LoadOptions, runLoad, STEADY, STEADY_PERSON } from '../support/load.ts';
import { startLocalIam } from '../support/local-iam.ts';
import { pause } from '../support/pause.ts';
import { succeed } from '../support/processes.ts';
import { createRandom } from '../support/random.ts';

/** Many processes on one home, for a quarter of a minute; by `npm run crash-test` for a whole one. */
const FULL = process.env['ICR_TEST_FULL'] === '1';
const SEED = Number(process.env['ICR_TEST_SEED'] ?? 1);
const LOAD_MS = FULL ? 60_000 : 15_000;
const TROUBLED_MS = FULL ? 20_000 : 5_000;
/** Seconds. A token is handed out for a quarter of its life. */
const TOKEN_LIFETIME = 12;

describe('one home, many processes', () => {
  it('200 at once: every answer is right, nothing is lost, one exchange makes a token', async () => {
    const { home, load, lab } = await settle();
    const result = await load({ atOnce: 200, ms: LOAD_MS });
    const gaps = exchangeGaps(lab.iam.exchanges);
    report('200 processes', result, { exchanges: gaps.length + 1, shortestGapMs: Math.min(...gaps) });
    expect(wrongAnswers(result.events)).toEqual([]);
    // A change that 200 others keep from its turn for 13 s says so; whoever asks is never kept.
    expect(
      result.refusals.filter(({ verb, said }) => /get|list/.test(verb) || !said.includes('try again')),
    ).toEqual([]);
    expect(result.refusals.length).toBeLessThan(result.calls / 100);
    expect(gaps.filter((ms) => ms < (TOKEN_LIFETIME * 1000) / 4)).toEqual([]);
    expect(findFaults(home)).toEqual([]);
  });

  it('on a slow disk', async () => {
    const { home, load } = await settle();
    const slow = 'inject=fsync,rename,link,unlink:delay_enter=20000';
    const wrapper = [
      '/usr/bin/strace',
      '-f',
      '-o',
      '/dev/null',
      '-e',
      'trace=fsync,rename,link,unlink',
      '-e',
      slow,
    ];
    const result = await load({ atOnce: 10, ms: TROUBLED_MS, wrapper });
    report('slow disk', result);
    expect(wrongAnswers(result.events)).toEqual([]);
    expect(unclear(result)).toEqual([]);
    expect(findFaults(home)).toEqual([]);
  });

  it('on a disk that is full every other moment', async () => {
    const { home, load } = await settle({ tmpfs: 'size=1m' });
    const filler = fillAndEmpty(join(home.folder, 'bin'));
    const result = await load({ atOnce: 20, ms: TROUBLED_MS });
    await filler.stop();
    report('full disk', result, { timesFull: filler.timesFull() });
    expect(wrongAnswers(result.events)).toEqual([]);
    expect(unclear(result)).toEqual([]);
    expect(filler.timesFull()).toBeGreaterThan(5);
    expect(findFaults(home)).toEqual([]);
  });

  it('under umask 000', async () => {
    const { home, load } = await settle();
    const wrapper = ['/bin/sh', '-c', 'umask 000; exec "$@"', 'sh'];
    const result = await load({ atOnce: 20, calls: 150, wrapper });
    report('umask 000', result);
    expect(wrongAnswers(result.events)).toEqual([]);
    expect(result.refusals).toEqual([]);
    expect(findFaults(home)).toEqual([]);
  });
});

/** Keys come from the environment there. */
describe('no home to write to, many processes', () => {
  it('read-only: what is there answers, what cannot be done says so', async () => {
    const { home, load } = await settle({ tmpfs: 'size=1m' });
    await succeed('/usr/bin/mount', ['-o', 'remount,ro', home.folder], { env: home.env });
    const result = await load({ atOnce: 20, calls: 150, changesIcr: false });
    report('read-only home', result);
    expect(wrongAnswers(result.events)).toEqual([]);
    expectNothingStored(result);
  });

  it('that is nowhere', async () => {
    const { home, lab, load } = await settle();
    const { HOME: _, XDG_RUNTIME_DIR: __, ...env }: Record<string, string> = home.env;
    const given = { ICR_API_KEY: lab.steadyKey, IBMCLOUD_IAM_API_ENDPOINT: lab.url };
    const homeless = { ...env, ...given, HOME: 'relative', SSL_CERT_FILE: lab.caFile };
    const result = await load({ atOnce: 20, calls: 150, changesIcr: false, env: homeless });
    report('no home', result);
    expect(wrongAnswers(result.events)).toEqual([]);
    expectNothingStored(result);
  });

  it('that is somebody else’s', async () => {
    const { home, lab, load } = await settle();
    const { uid, gid } = ordinaryAccount();
    rmSync(join(home.folder, '.local'), { recursive: true });
    rmSync(join(home.folder, 'run/docker-credential-icr'), { recursive: true, force: true });
    for (const path of ['', 'run']) chownSync(join(home.folder, path), uid, gid);
    const env = { ...home.env, ICR_API_KEY: lab.steadyKey, SSL_CERT_FILE: lab.caFile };
    const result = await load({ atOnce: 20, calls: 150, changesIcr: false, env });
    report('another’s home', result);
    expect(wrongAnswers(result.events)).toEqual([]);
    expectNothingStored(result);
  });
});

/** A home with one key in it, and IAM; tokens live for seconds. */
async function settle(options: { tmpfs?: string } = {}) {
  const {
    iam,
    url,
    home: { folder },
    env: { SSL_CERT_FILE: caFile = '' },
    apiKey,
  } = await startLocalIam();
  iam.tokenLifetime = TOKEN_LIFETIME;
  const place = join(folder, 'user');
  mkdirSync(place, { mode: 0o700 });
  if (options.tmpfs !== undefined) {
    const mount = ['-t', 'tmpfs', '-o', `${options.tmpfs},mode=700`, 'tmpfs', place];
    await succeed('/usr/bin/mount', mount, { env: {} });
    onTestFinished(async () => void (await succeed('/usr/bin/umount', [place], { env: {} })));
  }
  const home = makeHomeIn(place);
  home.configure({ iamEndpoint: url });
  mkdirSync(join(place, 'bin'));
  chmodSync(join(place, 'bin'), 0o755);
  const env = { ...home.env, SSL_CERT_FILE: caFile };
  await helperOf(env).store(STEADY, 'iamapikey', apiKey);
  const load = (more: Omit<LoadOptions, 'iam' | 'random' | 'env'> & { env?: Record<string, string> }) =>
    runLoad({ iam, random: createRandom(SEED), env, ...more });
  return { home, load, lab: { iam, url, caFile, steadyKey: apiKey } };
}

/** A failure is one line that says what to do. */
const unclear = ({ refusals }: Load) =>
  refusals.filter(({ said }) => !/^docker-credential-icr: [^\n]+; [^\n]+\n$/.test(said));

function expectNothingStored(result: Load): void {
  expect(unclear(result)).toEqual([]);
  expect(result.refusals.filter(({ verb }) => verb !== 'store')).toEqual([]);
  expect(result.refusals.length).toBe(
    result.events.filter(({ made, failed }) => failed && typeof made === 'string').length,
  );
  const others = result.events.filter(({ registry }) => registry !== STEADY);
  expect(others.filter(({ saw }) => typeof saw === 'string')).toEqual([]);
  expect(others.filter(({ made, failed }) => typeof made === 'string' && !failed)).toEqual([]);
}

/** Milliseconds between the exchanges of the key that is stored for good. */
function exchangeGaps(
  exchanges: readonly { at: number; form: Readonly<Record<string, string>> }[],
): number[] {
  const times = exchanges.filter(({ form }) => form['apikey']?.includes(STEADY_PERSON)).map(({ at }) => at);
  return times.slice(1).map((at, index) => at - (times[index] ?? 0));
}

function fillAndEmpty(folder: string) {
  let full = 0;
  let stopped = false;
  const file = join(folder, 'filler');
  const work = (async () => {
    while (!stopped) {
      full += fill(file);
      await pause(150);
      rmSync(file, { force: true });
      await pause(150);
    }
  })();
  return {
    timesFull: () => full,
    stop: async () => {
      stopped = true;
      await work;
    },
  };
}

/** All that is left of a disk; 1 if it was full then. */
function fill(file: string): number {
  try {
    for (;;) writeFileSync(file, Buffer.alloc(4096), { flag: 'a' });
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOSPC' ? 1 : 0;
  }
}

function report(title: string, { calls, ms, worstMs, refusals }: Load, more: object = {}): void {
  const reasons = [...new Set(refusals.map(({ said }) => said.slice(0, 120)))].slice(0, 3);
  console.log(`${title}:`, {
    calls,
    seconds: Math.round(ms / 100) / 10,
    refused: refusals.length,
    worstCallMs: Math.round(worstMs),
    ...more,
    ...(reasons.length > 0 && { reasons }),
  });
}
