import { basicCredentials } from '../http.ts';
import { parseScopes, type Scope } from './scopes.ts';

/** A token request, whichever of its three forms a client used (distribution, "Token" and "OAuth2"). */
export interface Presented {
  readonly form: 'basic' | 'password' | 'refresh_token' | 'anonymous';
  readonly username: string | null;
  /** The password, or the identity token. */
  readonly secret: string;
  readonly service: string;
  readonly scopes: readonly Scope[];
  /** Whether the client also wants an identity token. */
  readonly offline: boolean;
}

/** null for a method or grant type that no client uses. */
export async function readTokenRequest(request: Request): Promise<Presented | null> {
  if (request.method === 'GET') return fromQuery(request);
  if (request.method !== 'POST') return null;
  return fromForm(new URLSearchParams(await request.text()));
}

function fromQuery(request: Request): Presented {
  const query = new URL(request.url).searchParams;
  const basic = basicCredentials(request);
  return {
    form: basic ? 'basic' : 'anonymous',
    username: basic?.username ?? null,
    secret: basic?.password ?? '',
    ...commonFields(query),
    offline: query.get('offline_token') === 'true',
  };
}

function fromForm(fields: URLSearchParams): Presented | null {
  const form = fields.get('grant_type');
  if (form !== 'password' && form !== 'refresh_token') return null;
  return {
    form,
    username: form === 'password' ? (fields.get('username') ?? '') : null,
    secret: fields.get(form) ?? '',
    ...commonFields(fields),
    offline: fields.get('access_type') === 'offline',
  };
}

function commonFields(fields: URLSearchParams): Pick<Presented, 'service' | 'scopes'> {
  return { service: fields.get('service') ?? 'registry', scopes: parseScopes(fields.getAll('scope')) };
}
