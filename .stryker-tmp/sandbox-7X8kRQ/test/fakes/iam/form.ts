import { basicCredentials } from '../http.ts';
import { IamRefusal, missing } from './refusals.ts';
import type { IamSettings } from './settings.ts';

/** The fields of a form, by name. Empty fields count as missing, as they do for IAM. */
export type Form = Readonly<Record<string, string>>;

const FORM_TYPE = 'application/x-www-form-urlencoded';

export function isForm(request: Request): boolean {
  const type = request.headers.get('content-type') ?? '';
  return type.split(';')[0]?.trim().toLowerCase() === FORM_TYPE;
}

export function requirePostedForm(request: Request): void {
  if (request.method !== 'POST') {
    throw new IamRefusal('BXNIM0060E', { details: 'HTTP 405 Method Not Allowed' });
  }
  if (!isForm(request)) {
    throw new IamRefusal('BXNIM0060E', { status: 415, details: 'HTTP 415 Unsupported Media Type' });
  }
}

export function requireField(form: Form, name: string): string {
  const value = form[name];
  if (!value) throw missing(name);
  return value;
}

/** The client that the Basic header proves, or null if the request has none. */
export function authenticatedClient(request: Request, settings: IamSettings): string | null {
  const basic = basicCredentials(request);
  if (!basic) return null;
  const secret = settings.clients[basic.username];
  if (secret === undefined || secret !== basic.password) throw new IamRefusal('BXNIM0108E');
  return basic.username;
}
