import { createHttp } from './http.ts';
import { loadTransport } from './http-transport.ts';
import { type Patience, requestTokens } from './iam/client.ts';
import { discoverPage, type PageName } from './iam/discovery.ts';
import type { Grant } from './iam/grants.ts';
import { revokeSession } from './iam/revocation.ts';
import { identifySession as identify } from './icr/session-identity.ts';
import type { RegistryHost } from './registry-host.ts';
import type { Secret } from './secret.ts';
import type { Tokens } from './tokens.ts';
import { NAME, VERSION } from './version.ts';

export { wakeTls } from './http-transport.ts';

/** Everything that talks to a service, put together; loaded when the cache has no answer. */
export const http = createHttp(loadTransport);

export function exchange(grant: Grant, issuer: string, patience: Patience): Promise<Tokens> {
  return requestTokens(grant, issuer, {
    http,
    now: Date.now,
    random: Math.random,
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    userAgent: `${NAME}/${VERSION}`,
    patience,
  });
}

export function discover(page: PageName, issuer: string): Promise<URL> {
  return discoverPage(page, issuer, http);
}

export function identifySession(session: Secret, host: RegistryHost): Promise<string | null> {
  return identify(session, host, http);
}

export function revoke(refreshToken: Secret, issuer: string): Promise<void> {
  return revokeSession(refreshToken, issuer, http);
}
