import type { Iam } from '../fakes/iam.ts';
import { claimsOf } from './claims.ts';
import { EXECUTABLE } from './executable.ts';
import type { Event } from './history.ts';
import { inTurns } from './in-turns.ts';
import { addUser } from './local-iam.ts';
import { command, type Finished } from './processes.ts';

/** Registries that are stored to and erased all the time. */
const CHANGING = ['a.example', 'b.example', 'c.example', 'd.example'];
const CHANGING_ICR = 'de.icr.io';
/** Where one key is kept for good. */
export const STEADY = 'us.icr.io';
export const STEADY_PERSON = 'anna';

export interface LoadOptions {
  iam: Iam;
  env: Record<string, string>;
  random(): number;
  /** Processes at once. */
  atOnce: number;
  /** How many there are in all, or for how long new ones are started. */
  calls?: number;
  ms?: number;
  /** What starts the executable, e.g. strace. */
  wrapper?: readonly string[];
  /** Whether keys for ICR are changed too. */
  changesIcr?: boolean;
}

export interface Load {
  events: Event[];
  /** What failed, and in which words. */
  refusals: { verb: Verb; said: string }[];
  calls: number;
  ms: number;
  /** Of one call, milliseconds. */
  worstMs: number;
}

type Verb = 'get' | 'store' | 'erase' | 'list';

/** Calls of all verbs by many processes at once, and what each of them saw or made. */
export async function runLoad(options: LoadOptions): Promise<Load> {
  const { iam, random, atOnce, calls = 1_000_000, ms = 600_000 } = options;
  const people = ['bo', 'cy', 'di'].map((name) => ({ name, key: iam.addApiKey(addUser(iam, name)) }));
  const steady = { registry: STEADY, start: -1, end: -1, made: STEADY_PERSON };
  const load: Load = { events: [steady], refusals: [], calls: 0, ms: 0, worstMs: 0 };
  const begin = performance.now();
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;

  async function call(verb: Verb, input: string): Promise<Finished & { start: number; end: number }> {
    const [program = EXECUTABLE, ...args] = [...(options.wrapper ?? []), EXECUTABLE, verb];
    const start = performance.now() - begin;
    const run = await command(program, args, { env: options.env, input });
    const end = performance.now() - begin;
    load.worstMs = Math.max(load.worstMs, end - start);
    load.calls++;
    if (run.code !== 0 && !isNotFound(run)) load.refusals.push({ verb, said: run.stdout });
    return { ...run, start, end };
  }

  async function get(registry: string): Promise<void> {
    const { code, stdout, stderr, start, end } = await call('get', registry);
    if (code !== 0 && !isNotFound({ code, stdout, stderr })) return;
    load.events.push({ registry, start, end, saw: code === 0 ? ownerOf(stdout) : null });
  }

  async function change(verb: 'store' | 'erase', registry: string, made: string | null, input: string) {
    const { code, start, end } = await call(verb, input);
    load.events.push({ registry, start, end, made, failed: code !== 0 });
  }

  async function list(): Promise<void> {
    const { code, stdout, start, end } = await call('list', '');
    if (code !== 0) return;
    const names: Record<string, string> = JSON.parse(stdout);
    for (const registry of CHANGING) load.events.push({ registry, start, end, saw: names[registry] ?? null });
  }

  const registries = options.changesIcr === false ? CHANGING : [...CHANGING, CHANGING_ICR];
  function next(number: number): Promise<void> {
    const chance = random();
    const registry = pick(registries);
    if (chance < 0.1) return list();
    if (chance < 0.25) return get(STEADY);
    if (chance < 0.7) return get(registry);
    if (chance < 0.8) return change('erase', registry, null, registry);
    const person = pick(people);
    const [made, username, secret] =
      registry === CHANGING_ICR
        ? [person.name, 'iamapikey', person.key]
        : [`v${number}`, `v${number}`, `v${number}`];
    return change(
      'store',
      registry,
      made,
      JSON.stringify({ ServerURL: registry, Username: username, Secret: secret }),
    );
  }

  let number = 0;
  await inTurns(Array.from({ length: atOnce }), atOnce, async () => {
    while (number < calls && performance.now() - begin < ms) await next(++number);
  });
  load.ms = performance.now() - begin;
  // When all is quiet, each of them says what was made last.
  for (const registry of registries) await get(registry);
  return load;
}

function isNotFound({ code, stdout }: Finished): boolean {
  return code === 1 && stdout === 'credentials not found in native keychain\n';
}

/** The secret, or the person whose token it is; a user name that does not fit shows too. */
function ownerOf(answer: string): string {
  const { Username, Secret } = JSON.parse(answer);
  if (Username === 'iambearer') return String(claimsOf(Secret)['iam_id']).replace('IBMid-', '');
  return Username === Secret ? Secret : `${Username} with ${Secret}`;
}
