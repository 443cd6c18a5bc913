import type { Step, Subject } from './measure.ts';
import { answering, type BenchHome, type CallOf, learn, literally, type World } from './world.ts';

/** Subjects that are measured in turns, so that what slows one of them slows all. */
export interface Case {
  name: string;
  title: string;
  /** In place of what all others do. */
  rounds?: number;
  prepare(world: World): Promise<Prepared>;
}

interface Prepared {
  /** In the order of the table; null for what is not there. */
  subjects: readonly (Subject | null)[];
  /** The subject that the others are compared with. */
  beside?: string;
  /** What is not there, where nothing can be measured. */
  needs?: string;
  /** How many tokens one run of a subject asks IAM for, where it is not none. */
  exchanges?: Record<string, number>;
}

export const REGISTRY = 'us.icr.io';
const NOT_FOUND = 'credentials not found in native keychain\n';

/** An answer with a token that is new each time. */
export function bearer(registry = REGISTRY): string {
  const start = literally(`{"ServerURL":"${registry}","Username":"iambearer","Secret":"`);
  return `${start}[\\w-]+\\.[\\w-]{300,}\\.[\\w-]+"\\}\\n`;
}

export const single = (name: string, step: Step): Subject => ({ name, steps: [step] });

export function notFound(call: CallOf): Step {
  return answering(call, NOT_FOUND, 1);
}

/** A line that says which version it is. */
export function saysVersion(call: CallOf): Step {
  return { ...call, code: 0, stdout: '.*\\d\\.\\d.*\\n' };
}

/** Logs in with the API key, as docker does. */
export async function logIn(world: World, home: BenchHome, registry = REGISTRY): Promise<Step> {
  const { apiKey } = await world.double();
  return learn(home.call('store', storing(registry, 'iamapikey', apiKey)));
}

export function storing(registry: string, username: string, secret: string): string {
  return JSON.stringify({ ServerURL: registry, Username: username, Secret: secret });
}

/** A get with nothing of the cache left, however often it is run; one exchange. */
export function coldGet(name: string, home: BenchHome): Subject {
  const get: Step = { ...home.call('get', REGISTRY), code: 0, stdout: bearer() };
  return { ...single(name, get), before: [{ remove: home.cacheFolder }] };
}

/** The answer comes from the cache, which has just been filled. */
export async function warmGet(home: BenchHome, registry = REGISTRY): Promise<Step> {
  return learn(home.call('get', registry));
}
