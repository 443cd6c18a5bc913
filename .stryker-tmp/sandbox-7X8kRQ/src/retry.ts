/** Waiting between tries, as IBM's SDKs do it: 4 tries, 1 s base, doubled, Retry-After obeyed. */
const TRIES = 4;
const BASE_MS = 1000;

export interface RetryOptions {
  /** No try begins, and no pause lasts, beyond this moment (ms since 1970). */
  deadline: number;
  now(): number;
  sleep(ms: number): Promise<void>;
  random(): number;
}

/** What a try that may be repeated says: how long the other side wants us to wait, if it said. */
export class RetryableError extends Error {
  readonly reason: Error;
  readonly retryAfterMs: number | undefined;

  constructor(reason: Error, retryAfterMs?: number) {
    super(reason.message);
    this.reason = reason;
    this.retryAfterMs = retryAfterMs;
  }
}

/** Repeats `attempt` while it throws RetryableError and there is time; then throws its reason. */
export async function retry<T>(attempt: () => Promise<T>, options: RetryOptions): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof RetryableError)) throw error;
      const pause = error.retryAfterMs ?? backOff(tries, options.random());
      // A pause that leaves no time for a try is no use to the person who waits.
      if (tries === TRIES || options.now() + pause >= options.deadline) throw error.reason;
      await options.sleep(pause);
    }
  }
}

/** Half fixed, half chance: thousands of nodes that failed together do not come back together. */
function backOff(tries: number, random: number): number {
  const full = BASE_MS * 2 ** (tries - 1);
  return full / 2 + (random * full) / 2;
}

/** Retry-After is seconds or an HTTP date (RFC 9110, 10.2.3). */
export function parseRetryAfter(value: string | null, now: number): number | undefined {
  if (value === null) return undefined;
  const ms = /^\d+$/.test(value.trim()) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}
