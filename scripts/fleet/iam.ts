import type { Http, HttpResponse } from '../../src/http.ts';
import type { Clock } from './clock.ts';

export const MINUTE = 60_000;
/** Beyond so many requests in a minute IAM has threatened to block a caller. */
export const IAM_LIMIT = 3000;
const LATENCY_MS = 100;

/** IAM as it is seen from a fleet: an hour's token for each request, HTTP 429 beyond its limit. */
export function createIam(clock: Clock, lifetimeSeconds: number) {
  const asked: number[] = [];
  const given: number[] = [];
  const http: Http = async () => {
    await clock.sleep(LATENCY_MS);
    const minute = Math.floor(clock.now() / MINUTE);
    asked[minute] = (asked[minute] ?? 0) + 1;
    if (asked[minute] > IAM_LIMIT) return response(429, '{}');
    given[minute] = (given[minute] ?? 0) + 1;
    const token = {
      access_token: tokenUntil(clock.now() + lifetimeSeconds * 1000),
      expires_in: lifetimeSeconds,
    };
    return response(200, JSON.stringify(token));
  };
  return { http, asked, given };
}

// The pessimistic case: no Retry-After that would tell the fleet when to come back.
function response(status: number, body: string): HttpResponse {
  return { status, body, header: () => null };
}

function tokenUntil(end: number): string {
  return `until-${end}`;
}

/** When a token of this IAM ends. */
export function endOf(token: string): number {
  return Number(token.slice('until-'.length));
}
