import { createHash, randomBytes } from 'node:crypto';
import { HelperError } from '../errors.ts';
import { Secret } from '../secret.ts';

/** A request for an authorization code, and what its answer has to fit. */
export interface AuthorizationRequest {
  /** For the browser. */
  page: string;
  redirectUri: string;
  state: string;
  verifier: Secret;
}

/**
 * Asks in the name of the CLI's client (RFC 6749, 4.1.1) with S256 of RFC 7636. The answer comes to
 * a listener on this machine: the only redirect_uri that IAM takes from that client.
 */
export function authorizationRequest(endpoint: URL, port: number): AuthorizationRequest {
  const verifier = randomText();
  const state = randomText();
  const redirectUri = `http://localhost:${port}/`;
  const page = new URL(endpoint);
  const query = {
    response_type: 'code',
    client_id: 'bx',
    redirect_uri: redirectUri,
    state,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(query)) page.searchParams.set(name, value);
  return { page: page.href, redirectUri, state, verifier: new Secret(verifier) };
}

/** IBM does not promise that others may use its own client so; with a one-time code they may. */
export const BROWSER_HINT = 'try again, or use docker-credential-icr login --sso';

/** Whether a query is the answer to the request with this state (RFC 6749, 4.1.2): any page can send a browser here. */
export function isAnswerTo(state: string, query: URLSearchParams): boolean {
  const [ownState, ...otherStates] = query.getAll('state');
  return ownState === state && otherStates.length === 0 && (query.has('code') || query.has('error'));
}

/** The code in an answer; `rejected` where there is none. Of an error only what is a code word is quoted. */
export function codeFrom(query: URLSearchParams): string {
  const fail = (message: string) => new HelperError('rejected', message, { hint: BROWSER_HINT });
  const error = query.get('error');
  if (error !== null) {
    const said = /^[a-z_]{1,40}$/.test(error) ? ` (${error})` : '';
    throw fail(`IBM Cloud did not let the login through${said}`);
  }
  const [code = '', ...otherCodes] = query.getAll('code');
  if (code === '' || otherCodes.length > 0) throw fail('the browser came back without a code');
  return code;
}

/** 256 bits in 43 characters, the least that a verifier may have. */
function randomText(): string {
  return randomBytes(32).toString('base64url');
}
