import { HelperError } from '../errors.ts';
import type { HttpResponse } from '../http.ts';
import type { Grant } from './grants.ts';

/** What the person can do, by IBM's error code (IBM docs and published error bodies). */
const HINTS: Record<string, string> = {
  BXNIM0415E:
    'the key was deleted or mistyped: create one at https://cloud.ibm.com/iam/apikeys and log in with it',
  BXNIM0462E:
    'enable the key again in the IBM Cloud console (Manage, Access (IAM), API keys), or log in with another',
  BXNIM0410E: 'the user has left the account or was never active: log in as another',
  BXNIM0436E: 'ask the owner of the account to lift the suspension, or log in as another user',
};

/** The same for a key that no login replaces. */
const HINTS_FOR_PLACED_KEYS: Record<string, string> = {
  BXNIM0415E: 'the key was deleted or mistyped: correct or unset it',
  BXNIM0462E:
    'enable the key again in the IBM Cloud console (Manage, Access (IAM), API keys), or put another in its place',
  BXNIM0410E:
    'the user has left the account or was never active: put the key of another in its place, or unset it',
  BXNIM0436E:
    'ask the owner of the account to lift the suspension, or put the key of another user in its place',
};

/** Expired, or ended by inactivity or an administrator. */
const SESSION_IS_OVER = ['BXNIM0408E', 'BXNIM0439E'];

/** The same for every other no. What to do about a session depends on where it is stored (sources/stored.ts). */
const HINTS_BY_GRANT: Partial<Record<Grant['shows'], string>> = {
  'one-time passcode': 'a code is good once and for a short time: get another, and log in with it at once',
  'authorization code': 'try again, or use docker-credential-icr login --sso',
};

/** IAM's no as an error: its code, its message, its request id, and what to do. */
export function rejection(response: HttpResponse, issuer: string, grant: Grant): HelperError {
  const host = new URL(issuer).host;
  const body = parseError(response.body);
  if (!body) return notIam(response, host);
  // Before anything is cut off: the first half of a secret is too much as well.
  const show = (text: string, length: number) =>
    clip(text.replaceAll(grant.secret.reveal(), '[secret]'), length);
  const id = body.requestId ? `, request id ${show(body.requestId, 100)}` : '';
  const message = `${show(body.message, 300)} (${show(body.code, 40)}${id})`;
  const known = (grant.place === undefined ? HINTS : HINTS_FOR_PLACED_KEYS)[body.code];
  if (response.status === 429 || response.status >= 500) {
    return new HelperError('unreachable', `IAM at ${host} fails with HTTP ${response.status}: ${message}`, {
      hint: known ?? 'try again in a minute',
    });
  }
  const hint = known ?? (grant.place === undefined ? HINTS_BY_GRANT[grant.shows] : 'correct or unset it');
  const details = hint === undefined ? {} : { hint };
  if (SESSION_IS_OVER.includes(body.code) && grant.shows === 'refresh token')
    return new HelperError('rejected', `the session at ${host} is over: ${message}`, details);
  const shown = grant.place === undefined ? grant.shows : `${grant.shows} ${grant.place}`;
  return new HelperError('rejected', `IAM at ${host} refuses the ${shown}: ${message}`, details);
}

/** No error body of IBM's: a proxy, a portal, a gateway. Nothing of it is quoted. */
function notIam(response: HttpResponse, host: string): HelperError {
  if (response.status === 429) {
    return new HelperError('unreachable', `IAM at ${host} has too many requests (HTTP 429)`, {
      hint: 'try again in a minute',
    });
  }
  return new HelperError('unreachable', `${host} answered HTTP ${response.status}, but not as IAM does`, {
    hint: 'check for a proxy or captive portal in between, or try again in a minute',
  });
}

interface ErrorBody {
  code: string;
  message: string;
  requestId?: string;
}

function parseError(body: string): ErrorBody | null {
  try {
    const { errorCode, errorMessage, context } = JSON.parse(body);
    if (typeof errorCode !== 'string') return null;
    const message = typeof errorMessage === 'string' ? errorMessage : 'no message';
    const requestId = context?.requestId;
    return { code: errorCode, message, ...(typeof requestId === 'string' && { requestId }) };
  } catch {
    return null;
  }
}

function clip(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}…` : text;
}
