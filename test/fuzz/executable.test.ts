import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { decodeAccessToken } from '../../src/iam/access-token.ts';
import { helperOf, type Run, runHelper } from '../support/executable.ts';
import { inTurns } from '../support/in-turns.ts';
import { startLocalIam } from '../support/local-iam.ts';
import { mutateJson, mutateText } from './mutate.ts';
import { createRandom, type Random } from './random.ts';

/** What is promised for every call (docs/reliability.md). */
const LIMIT_MS = 15_000;
const SEED = 20261121;
const RUNS = 2_000;
/** Two cores, and some waiting. */
const AT_ONCE = 3;

const OTHER = { server: 'quay.example', username: 'anna', secret: 'other-secret-0123456789' };
const HOUR_AGO = Date.now() - 3_600_000;
const CLIENT_FILE = '.docker/config.json';
const NOT_FOUND = 'credentials not found in native keychain\n';

/** What a call gets, and what must come of it besides one line and exit 0 or 1. */
interface Call {
  args: string[];
  input: string | Uint8Array;
  /** The one that may be damaged. */
  file?: string;
  check(run: Run): void;
}

it('2,000 calls in damaged homes with hostile input: a right answer, or one clear line', async () => {
  const { env, home, apiKey } = await startLocalIam({ store: 'file' });
  const { get, store } = helperOf(env);
  await store('us.icr.io', 'iamapikey', apiKey);
  await store(OTHER.server, OTHER.username, OTHER.secret);
  await get('us.icr.io');
  mkdirSync(join(home.folder, '.docker'));
  writeFileSync(
    join(home.folder, CLIENT_FILE),
    '{"auths":{"us.icr.io":{"auth":"aWFtYXBpa2V5OmtleQ=="}},"credHelpers":{"us.icr.io":"icr"}}',
  );
  const files = filesBelow(home.folder);
  expect(
    files.filter((file) => /secrets\/|\.token$|registries\/|key$|settings|config/.test(file)).length,
  ).toBe(9);

  const place = `${home.folder}-fuzz`;
  onTestFinished(() => rmSync(place, { recursive: true, force: true }));
  mkdirSync(place, { mode: 0o700 });
  const outcomes = { answered: 0, 'not found': 0, 'one clear line': 0 };
  let worstMs = 0;

  async function call(number: number): Promise<void> {
    const random = createRandom(SEED, `call ${number}`);
    const folder = join(place, String(number));
    execFileSync('/bin/cp', ['-a', home.folder, folder]);
    const { args, input, check, file = random.pick(files) } = callFor(random, apiKey);
    const path = join(folder, file);
    const damage = random.oneIn(4) ? 'nothing' : file;
    if (damage === file) damageFile(path, random);
    const before = readFileSync(path, 'latin1');
    // One that hangs is killed, which is neither exit 0 nor 1.
    const began = performance.now();
    const run = await runHelper(args, { env: environment(env, home.folder, folder), input });
    worstMs = Math.max(worstMs, performance.now() - began);
    try {
      if (args[0] === 'configure') mustConfigure(run, path, before);
      else mustBeClear(run);
      if (run.code === 0) check(run);
    } catch (error) {
      throw new Error(`call ${number}: ${args.join(' ')} with ${damage} damaged, ${JSON.stringify(run)}`, {
        cause: error,
      });
    }
    outcomes[run.code === 0 ? 'answered' : run.stdout === NOT_FOUND ? 'not found' : 'one clear line']++;
    rmSync(folder, { recursive: true, force: true });
  }

  await inTurns([...Array(RUNS).keys()], AT_ONCE, call);
  expect(worstMs).toBeLessThan(LIMIT_MS);
  const seconds = (worstMs / 1000).toFixed(1);
  console.log(
    `${RUNS} calls of the executable, seed ${SEED}: ${JSON.stringify(outcomes)}, worst ${seconds} s`,
  );
  for (const count of Object.values(outcomes)) expect(count).toBeGreaterThan(0);
});

function filesBelow(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names.filter((name) => statSync(join(folder, name)).isFile() && name !== 'ca.pem').sort();
}

/** Nobody but this machine is asked, whatever a damaged file says: there is no such proxy. */
function environment(env: Record<string, string>, from: string, to: string): Record<string, string> {
  const moved = Object.entries(env).map(([name, value]) => [name, value.replaceAll(from, to)]);
  return { ...Object.fromEntries(moved), HTTPS_PROXY: 'http://127.0.0.1:9', NO_PROXY: '127.0.0.1' };
}

/** Changes a file byte by byte or value by value, or leaves nothing of it. */
function damageFile(path: string, random: Random): void {
  const content = readFileSync(path, 'latin1');
  const material = {
    random,
    corpus: [content],
    words: ['', '\0', 'null', '{}', '"', '../', 'file', 'us.icr.io'],
  };
  const change = path.endsWith('.json') && random.oneIn(2) ? mutateJson : mutateText;
  writeFileSync(path, random.oneIn(8) ? '' : Buffer.from(change(content, material), 'latin1'));
  // A claim of the lock that cannot be read counts until it is old: mostly that is over, seldom waited for.
  if (!random.oneIn(8)) utimesSync(path, new Date(HOUR_AGO), new Date(HOUR_AGO));
}

function callFor(random: Random, apiKey: string): Call {
  switch (random.below(9)) {
    case 0:
    case 1:
      return { args: ['get'], input: 'us.icr.io', check: (run) => mustBeAnna(run, apiKey) };
    case 2:
      return { args: ['get'], input: `${OTHER.server}\n`, check: mustBeOther };
    case 3:
      return { args: ['list'], input: hostile(random, OTHER.server), check: mustBeList };
    case 4:
      return { args: ['store'], input: hostile(random, stored()), check: mustBeSilent };
    case 5:
      return { args: ['erase'], input: hostile(random, 'us.icr.io'), check: mustBeSilent };
    case 6:
      return { args: ['get'], input: hostile(random, 'https://us.icr.io/v2/'), check: mustBeCredentials };
    case 7:
      return { args: ['configure', '--client', 'docker'], input: '', file: CLIENT_FILE, check: () => {} };
    default:
      return { args: ['store'], input: stored(), check: mustBeSilent };
  }
}

function stored(): string {
  return JSON.stringify({ ServerURL: OTHER.server, Username: 'bert', Secret: 'another' });
}

/** Changed text, sometimes bytes that are no UTF-8, sometimes more than anybody sends. */
function hostile(random: Random, text: string): string | Uint8Array {
  const corpus = [text, stored(), 'us.icr.io@attacker.example', '{"__proto__":1}', '\0\n\r\n'];
  const words = ['\n', '\u2028', '\0', '"', '\\', 'us.icr.io', '@', 'ServerURL', '\ud800'];
  const changed = mutateText(text, { random, corpus, words });
  if (random.oneIn(20)) return changed.repeat(Math.ceil(200_000 / (changed.length + 1)));
  return random.oneIn(4) ? Buffer.from(changed, 'latin1') : changed;
}

const LINE = /^[^\p{Cc}\p{Zl}\p{Zp}]+\n$/u;

/** What may go wrong here: anything else was not foreseen by the program either. */
const SENTENCES = [
  'the input is (?:not JSON|not a JSON object|not UTF-8 text|larger than 128 KiB)',
  'the (?:server URL|username) holds a control character',
  'the server URL is longer than 2048 characters',
  'no Secret in the input',
  '(?:ServerURL|Username|Secret) is not a string',
  '/\\S+\\.json is damaged; remove it',
  '/\\S+/store-key is not a key of ours; ',
  'the file store does not open with the key at hand; ',
  'the settings file /\\S+/settings\\.json: .+; correct it or remove it$',
  '(?:privateI|i)amEndpoint in the settings (?:is not a URL|holds more|does not begin)',
  'another process is changing the stored credentials; try again',
];
const FAILURES = new RegExp(
  `^(?:no credentials (?:server URL|username)$|docker-credential-icr: (?:${SENTENCES.join('|')}))`,
  'm',
);

/** Exit 0 or 1; at most one line on each stream; a failure the same on both. */
function mustBeClear({ code, stdout, stderr }: Run): void {
  expect([0, 1]).toContain(code);
  for (const text of [stdout, stderr]) if (text !== '') expect(text).toMatch(LINE);
  if (code === 0) return;
  if (stdout === NOT_FOUND) return;
  expect(stdout).toBe(stderr);
  expect(stdout).toMatch(FAILURES);
  expect(stdout).not.toContain(OTHER.secret);
}

/** The client's file names the helper now, or is what it was; no control character reaches a terminal. */
function mustConfigure({ code, stdout, stderr }: Run, path: string, before: string): void {
  const after = readFileSync(path, 'latin1');
  if (code === 0) expect(JSON.parse(after.replace(/^\xef\xbb\xbf/, '')).credHelpers['us.icr.io']).toBe('icr');
  else expect(after).toBe(before);
  if (code !== 0) expect(stderr).toMatch(/^error: .+\n(?:hint: .+\n)?$/);
  expect(`${stdout}${stderr}`.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
}

function mustBeCredentials({ stdout }: Run): Record<string, string> {
  const answer = JSON.parse(stdout);
  expect(Object.keys(answer)).toEqual(['ServerURL', 'Username', 'Secret']);
  return answer;
}

function mustBeAnna(run: Run, apiKey: string): void {
  const { ServerURL, Username, Secret = '' } = mustBeCredentials(run);
  expect(ServerURL).toBe('us.icr.io');
  if (Username === 'iamapikey') expect(Secret).toBe(apiKey);
  else expect([Username, decodeAccessToken(Secret)?.iamId]).toEqual(['iambearer', 'IBMid-anna']);
}

function mustBeOther(run: Run): void {
  const { server, username, secret } = OTHER;
  expect(mustBeCredentials(run)).toEqual({ ServerURL: server, Username: username, Secret: secret });
}

function mustBeList({ stdout }: Run): void {
  for (const username of Object.values(JSON.parse(stdout))) expect(typeof username).toBe('string');
}

function mustBeSilent({ stdout }: Run): void {
  expect(stdout).toBe('');
}
