import { HelperError } from '../errors.ts';
import type { Http, HttpResponse } from '../http.ts';
import { parseObject } from '../json-object.ts';
import { parseRetryAfter, RetryableError, type RetryOptions, retry } from '../retry.ts';
import { isLifetime, type Tokens } from '../tokens.ts';
import type { Grant } from './grants.ts';
import { rejection } from './rejection.ts';

export interface IamClientOptions {
  http: Http;
  now(): number;
  sleep: RetryOptions['sleep'];
  random: RetryOptions['random'];
  userAgent: string;
  patience: Patience;
}

/** How much is done for one answer. */
export interface Patience {
  /** Everything together, tries and pauses, milliseconds. */
  ms: number;
  /** Whether a 429 is followed by another try, or said at once to a caller who comes back by itself. */
  outlastsThrottling: boolean;
}

/**
 * Shows a grant to the IAM at `issuer`. Fails with `rejected` where IAM says no, with
 * `unreachable` where no sensible answer came in time.
 */
export async function requestTokens(
  grant: Grant,
  issuer: string,
  options: IamClientOptions,
): Promise<Tokens> {
  const deadline = options.now() + options.patience.ms;
  return retry(() => attempt(grant, issuer, deadline, options), { ...options, deadline });
}

async function attempt(
  grant: Grant,
  issuer: string,
  deadline: number,
  options: IamClientOptions,
): Promise<Tokens> {
  const response = await post(grant, issuer, deadline, options);
  if (response.status === 200) return parseAnswer(response, issuer, grant, options.now());
  const error = rejection(response, issuer, grant);
  const isThrottled = response.status === 429 && !options.patience.outlastsThrottling;
  if (!isTransient(response.status) || isThrottled) throw error;
  throw new RetryableError(error, parseRetryAfter(response.header('retry-after'), options.now()));
}

async function post(
  grant: Grant,
  issuer: string,
  deadline: number,
  options: IamClientOptions,
): Promise<HttpResponse> {
  try {
    return await options.http({
      method: 'POST',
      url: `${issuer}/identity/token`,
      headers: {
        Accept: 'application/json',
        'Content-Type': 'application/x-www-form-urlencoded',
        'User-Agent': options.userAgent,
        ...(grant.asCliClient && { Authorization: CLI_CLIENT }),
      },
      body: new URLSearchParams(grant.form).toString(),
      // The wall clock may be set back meanwhile.
      timeoutMs: Math.min(options.patience.ms, Math.max(1, deadline - options.now())),
    });
  } catch (error) {
    const again = grant.repeatable && error instanceof HelperError && error.transient;
    throw again ? new RetryableError(error) : error;
  }
}

/** The ibmcloud CLI's public client id and secret: `bx:bx`. */
export const CLI_CLIENT = `Basic ${btoa('bx:bx')}`;

/** As IBM's SDKs: 429 and 5xx, but not 501. */
function isTransient(status: number): boolean {
  return status === 429 || (status >= 500 && status !== 501);
}

function parseAnswer(response: HttpResponse, issuer: string, grant: Grant, now: number): Tokens {
  const answer = parseObject(response.body);
  const { access_token, refresh_token, expires_in } = answer ?? {};
  if (typeof access_token !== 'string' || access_token === '' || !isLifetime(expires_in)) {
    const error = new HelperError('unreachable', `${new URL(issuer).host} sent something that is no token`, {
      hint: 'check for a proxy or captive portal in between',
    });
    const cut = answer === null && response.header('content-type')?.startsWith('application/json');
    throw cut && grant.repeatable ? new RetryableError(error) : error;
  }
  const real = typeof refresh_token === 'string' && refresh_token !== '' && refresh_token !== 'not_supported';
  return {
    accessToken: access_token,
    ...(real && { refreshToken: refresh_token }),
    receivedAt: now,
    expiresIn: expires_in,
  };
}
