import { jsonResponse } from '../http.ts';
import type { Identity } from '../iam/identities.ts';
import type { Access } from './access.ts';
import { type LoginContext, logIn } from './login.ts';
import { type Presented, readTokenRequest } from './presented.ts';
import { BAD_CREDENTIALS, RegistryRefusal, UNSUPPORTED_USER } from './refusals.ts';
import type { RegistryTokens } from './registry-tokens.ts';
import { formatScope } from './scopes.ts';
import type { IcrSettings } from './settings.ts';

/** One token request, without its secret. */
export interface TokenRequest {
  readonly at: number;
  /** With the port, if it is not the usual one. */
  readonly host: string;
  readonly form: Presented['form'];
  readonly username: string | null;
  readonly scopes: readonly string[];
  readonly offline: boolean;
  /** The name of whoever it proved to come from. */
  identity: string | null;
  /** null as long as there is no answer. */
  status: number | null;
}

export interface TokenEndpoint extends Omit<LoginContext, 'badCredentialStatus'> {
  readonly settings: IcrSettings;
  readonly access: Access;
  readonly registryTokens: RegistryTokens;
  readonly log: TokenRequest[];
}

/** `/oauth/token` on any registry host. Throws RegistryRefusal. */
export async function answerTokenRequest(request: Request, endpoint: TokenEndpoint): Promise<Response> {
  const presented = await readTokenRequest(request);
  if (!presented) throw new RegistryRefusal('UNSUPPORTED', UNSUPPORTED_USER);
  const entry = describe(request, presented, endpoint.iam.now());
  endpoint.log.push(entry);
  try {
    const identity = logIn(presented, {
      ...endpoint,
      badCredentialStatus: endpoint.settings.badCredentialStatus,
    });
    entry.identity = identity?.name ?? null;
    const body = identity
      ? tokenFor(identity, presented, request, endpoint)
      : anonymousToken(presented, endpoint);
    entry.status = 200;
    return jsonResponse(200, body);
  } catch (error) {
    if (error instanceof RegistryRefusal) entry.status = error.status;
    throw error;
  }
}

function tokenFor(identity: Identity, presented: Presented, request: Request, endpoint: TokenEndpoint) {
  const { scopes, service, offline, form, secret } = presented;
  endpoint.access.requireAccount(identity.account, new URL(request.url).hostname, scopes);
  const granted = endpoint.access.grant(identity, scopes);
  const body = tokenBody(endpoint.registryTokens.issue(identity.iamId, service, granted), endpoint);
  // The OAuth2 form gives the same identity token back; the others make one if asked.
  if (form === 'refresh_token') return { ...body, refresh_token: secret };
  return offline ? { ...body, refresh_token: endpoint.identityTokens.issue(identity) } : body;
}

/** Public images need no login; for anything else ICR says at once that one is missing. */
function anonymousToken({ scopes, service }: Presented, endpoint: TokenEndpoint) {
  try {
    return tokenBody(
      endpoint.registryTokens.issue('', service, endpoint.access.grant(null, scopes)),
      endpoint,
    );
  } catch {
    throw new RegistryRefusal('UNAUTHORIZED', BAD_CREDENTIALS);
  }
}

/** Both names for the token, as older clients read `token` and newer ones `access_token`. */
function tokenBody(token: string, { settings, iam }: TokenEndpoint) {
  const issued_at = new Date(iam.now()).toISOString();
  return { token, access_token: token, expires_in: settings.tokenLifetime, issued_at };
}

function describe(request: Request, presented: Presented, at: number): TokenRequest {
  const { form, username, scopes, offline } = presented;
  const { host } = new URL(request.url);
  return { at, host, form, username, scopes: scopes.map(formatScope), offline, identity: null, status: null };
}
