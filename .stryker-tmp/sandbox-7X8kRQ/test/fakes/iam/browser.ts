import { htmlResponse } from '../http.ts';
import type { Identity } from './identities.ts';
import type { IamSettings } from './settings.ts';
import type { Tickets } from './tickets.ts';

/** Who is logged in to the console in the browser that opens these pages; tests say who. */
export interface Browser {
  user: Identity | null;
}

interface Pages {
  readonly browser: Browser;
  readonly settings: IamSettings;
  readonly tickets: Tickets;
}

/** GET /identity/passcode: what `ibmcloud login --sso` sends people to. */
export function answerPasscodePage({ browser, tickets }: Pages): Response {
  if (!browser.user) return loginPage();
  const passcode = tickets.addPasscode(browser.user);
  return htmlResponse(200, `<p>Your one-time code is <code>${passcode}</code></p>`);
}

/** GET /identity/authorize: RFC 6749, 4.1.1 with RFC 7636's S256. */
export function answerAuthorize(request: Request, { browser, settings, tickets }: Pages): Response {
  const query = new URL(request.url).searchParams;
  const client = query.get('client_id') ?? '';
  const redirectUri = query.get('redirect_uri') ?? '';
  const problem = problemOf(query, settings);
  if (problem) return htmlResponse(400, `<p>${problem}</p>`);
  if (!browser.user) return loginPage();
  const challenge = query.get('code_challenge');
  const target = new URL(redirectUri);
  target.searchParams.set(
    'code',
    tickets.addCode({ identity: browser.user, client, redirectUri, challenge }),
  );
  const state = query.get('state');
  if (state !== null) target.searchParams.set('state', state);
  return new Response(null, { status: 302, headers: { location: target.href } });
}

/** What may not be sent to the redirect_uri, since that may be a stranger's (RFC 6749, 4.1.2.1). */
function problemOf(query: URLSearchParams, settings: IamSettings): string | null {
  if (settings.clients[query.get('client_id') ?? ''] === undefined) return 'Unknown client_id';
  // The bx client accepts a listener on this machine and nothing else.
  if (!/^http:\/\/localhost:\d+\/$/.test(query.get('redirect_uri') ?? '')) return 'Bad redirect_uri';
  if (query.get('response_type') !== 'code') return 'Bad response_type';
  const method = query.get('code_challenge_method');
  return query.has('code_challenge') && method !== 'S256' ? 'Bad code_challenge_method' : null;
}

function loginPage(): Response {
  return htmlResponse(200, '<h1>Log in to IBM Cloud</h1><form><input name="username"></form>');
}
