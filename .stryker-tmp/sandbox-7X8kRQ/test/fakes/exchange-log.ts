import { basicCredentials } from './http.ts';
import type { Form } from './iam/form.ts';
import type { SecretOwners } from './iam/secrets.ts';

/** One request as a double saw it. No secret stands in it: each is replaced by `[its owner]`. */
export interface Exchange {
  readonly at: number;
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly form: Form;
  /** null as long as there is no answer: hanging, or closed without one. */
  status: number | null;
}

const SECRET_FIELDS = new Set([
  'apikey',
  'refresh_token',
  'passcode',
  'cr_token',
  'access_token',
  'code',
  'code_verifier',
  'token',
  'password',
  'client_secret',
]);

export function describeExchange(request: Request, form: Form, at: number, secrets: SecretOwners): Exchange {
  const { host, pathname } = new URL(request.url);
  const headers = Object.fromEntries(request.headers);
  const authorization = describeAuthorization(request, secrets);
  if (authorization) headers['authorization'] = authorization;
  const fields = Object.entries(form).map(([name, value]) => [name, describeField(name, value, secrets)]);
  return {
    at,
    method: request.method,
    host,
    path: pathname,
    headers,
    form: Object.fromEntries(fields),
    status: null,
  };
}

function describeField(name: string, value: string, secrets: SecretOwners): string {
  return SECRET_FIELDS.has(name) ? secrets.label(value) : value;
}

/** `Basic [bx]`: the user name alone, for passwords there may be keys. */
function describeAuthorization(request: Request, secrets: SecretOwners): string | null {
  const header = request.headers.get('authorization');
  if (!header) return null;
  const basic = basicCredentials(request);
  if (basic) return `Basic [${basic.username}]`;
  const [scheme = '', ...token] = header.split(' ');
  return `${scheme} ${secrets.label(token.join(' '))}`;
}
