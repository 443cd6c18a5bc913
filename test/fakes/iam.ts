/**
 * A double of IBM Cloud IAM's token service as one pure handler, for in-process use and for
 * mounting in a server. It answers for every IAM host, as discovery spreads over two of them.
 * Facts: IBM docs (iam-apikey, iam-token), IBM's SDKs and CLI, published samples.
 */
import { describeExchange, type Exchange } from './exchange-log.ts';
import { createFaultSwitch } from './fault-switch.ts';
import { answerWith } from './faults.ts';
import { createAccessTokens } from './iam/access-tokens.ts';
import type { Browser } from './iam/browser.ts';
import { createDirectory } from './iam/directory.ts';
import { type Form, isForm } from './iam/form.ts';
import { shortName } from './iam/grants.ts';
import type { Identity } from './iam/identities.ts';
import { IamRefusal, newRequestId, refusalResponse } from './iam/refusals.ts';
import { routeIam } from './iam/routes.ts';
import { createSecretOwners } from './iam/secrets.ts';
import { createSessions } from './iam/sessions.ts';
import { defaultSettings, type IamSettings } from './iam/settings.ts';
import { createTickets } from './iam/tickets.ts';

export type Iam = ReturnType<typeof createIam>;

const TOKEN_PATH = '/identity/token';

export function createIam(options: Partial<IamSettings> = {}) {
  // The very object that is handed out, so that `iam.tokenLifetime = 20` works at any time.
  const settings: IamSettings = { ...defaultSettings(), ...options };
  const secrets = createSecretOwners();
  const directory = createDirectory(secrets);
  const sessions = createSessions(settings, secrets);
  const tickets = createTickets(settings, secrets);
  const accessTokens = createAccessTokens(settings, secrets);
  const browser: Browser = { user: null };
  const parts = { settings, directory, sessions, tickets, accessTokens, browser };
  const faults = createFaultSwitch(TOKEN_PATH);
  const exchanges: Exchange[] = [];

  async function handle(request: Request): Promise<Response> {
    const form: Form = isForm(request) ? Object.fromEntries(new URLSearchParams(await request.text())) : {};
    const exchange = describeExchange(request, form, settings.now(), secrets);
    exchanges.push(exchange);
    const response = await answerWith(faults.take(exchange.path), request, {
      normal: async () => answer(() => routeIam(request, form, parts), request, settings),
      refuse: (code) => refusalResponse(new IamRefusal(code), request, settings.now()),
    });
    exchange.status = response.status;
    response.headers.set('date', new Date(settings.now()).toUTCString());
    return response;
  }

  return Object.assign(settings, {
    handle,
    // who exists
    account: directory.account,
    addUser: directory.addUser,
    addServiceId: directory.addServiceId,
    addTrustedProfile: directory.addTrustedProfile,
    addApiKey: directory.addApiKey,
    addPasscode: tickets.addPasscode,
    addCrToken: tickets.addCrToken,
    trustCrToken: tickets.trustCrToken,
    /** Who is logged in in the browser that opens /identity/authorize and /identity/passcode. */
    logInBrowser: (user: Identity | null) => void Object.assign(browser, { user }),
    // what happens to them
    disableKey: directory.disableKey,
    enableKey: directory.enableKey,
    deleteKey: directory.deleteKey,
    suspend: directory.suspend,
    reinstate: directory.reinstate,
    remove: directory.remove,
    invalidateSession: sessions.invalidate,
    // what goes wrong
    failNext: faults.failNext,
    setFault: faults.setFault,
    // what was asked
    exchanges,
    /** How often a token was asked for, by any grant or by this one: `iam.tokenRequests('apikey')`. */
    tokenRequests: (grant?: string) => exchanges.filter((exchange) => isTokenRequest(exchange, grant)).length,
    /** Forgets faults and the log; identities, keys and sessions stay. */
    reset(): void {
      faults.clearFaults();
      exchanges.length = 0;
    },
    // for the doubles of services that trust IAM, without a trace in the log
    trusted: { accessTokens, directory, sessions, secrets },
  });
}

function answer(route: () => Response, request: Request, settings: IamSettings): Response {
  try {
    const response = route();
    response.headers.set('transaction-id', newRequestId());
    return response;
  } catch (error) {
    if (error instanceof IamRefusal) return refusalResponse(error, request, settings.now());
    throw error;
  }
}

function isTokenRequest({ path, form }: Exchange, grant: string | undefined): boolean {
  return path === TOKEN_PATH && (grant === undefined || shortName(form['grant_type'] ?? '') === grant);
}
