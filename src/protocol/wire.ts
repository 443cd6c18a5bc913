import { HelperError } from '../errors.ts';
import { Secret } from '../secret.ts';
import { NO_SERVER_URL, NO_USERNAME } from './messages.ts';

/** What a client hands to `store` and gets from `get`. */
export interface Credentials {
  serverURL: string;
  username: string;
  secret: Secret;
}

// C0, DEL, C1 and the two line separators: nothing that a line-based reader or a terminal could
// take for more than text (CVE-2020-5260, CVE-2024-52006). Rejected, never stripped.
// As ranges: the engine takes longer to look up \p{Cc} than to do all the rest.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\0-\x1f\x7f-\x9f\u2028\u2029]/;

const SERVER_URL_LENGTH = 2048;

/** Text of one line: a trailing newline (LF or CRLF) is the client's, everything else is content. */
export function parseServerURL(input: string): string {
  return checkServerURL(input.replace(/\r?\n$/, ''));
}

/** The JSON that `store` gets: `{"ServerURL", "Username", "Secret"}`, unknown keys ignored. */
export function parseCredentials(input: string): Credentials {
  const fields = parseObject(input);
  const serverURL = checkServerURL(text(fields, 'ServerURL', NO_SERVER_URL));
  const username = text(fields, 'Username', NO_USERNAME);
  if (username === '') throw new HelperError('bad-input', NO_USERNAME);
  if (CONTROL.test(username)) throw new HelperError('bad-input', 'the username holds a control character');
  return { serverURL, username, secret: new Secret(text(fields, 'Secret', 'no Secret in the input')) };
}

/** `get`'s answer: exactly these keys in exactly this case (docker-py needs it). */
export function formatCredentials(credentials: Credentials): string {
  return JSON.stringify({
    ServerURL: credentials.serverURL,
    Username: credentials.username,
    Secret: credentials.secret.reveal(),
  });
}

function parseObject(input: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(input);
  } catch {
    // The parser's own message quotes the input, and with it the secret.
    throw new HelperError('bad-input', 'the input is not JSON', { hint: EXPECTED });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new HelperError('bad-input', 'the input is not a JSON object', { hint: EXPECTED });
  }
  return value as Record<string, unknown>;
}

const EXPECTED = 'send {"ServerURL": "…", "Username": "…", "Secret": "…"}';

function text(fields: Record<string, unknown>, key: string, missing: string): string {
  const value = Object.hasOwn(fields, key) ? fields[key] : undefined;
  if (value === undefined || value === null) throw new HelperError('bad-input', missing);
  if (typeof value !== 'string')
    throw new HelperError('bad-input', `${key} is not a string`, { hint: EXPECTED });
  return value;
}

function checkServerURL(serverURL: string): string {
  if (serverURL.trim() === '') throw new HelperError('bad-input', NO_SERVER_URL);
  if (CONTROL.test(serverURL)) throw new HelperError('bad-input', 'the server URL holds a control character');
  if (serverURL.length > SERVER_URL_LENGTH) {
    throw new HelperError('bad-input', `the server URL is longer than ${SERVER_URL_LENGTH} characters`);
  }
  return serverURL;
}
