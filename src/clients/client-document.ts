import { isObject } from '../config/settings.ts';
import { HelperError } from '../errors.ts';
import { type FileText, isBlank, withoutMark } from './helper-entries.ts';
import { findDuplicateKey, type JsonValue, locate, memberOf } from './json-text.ts';

/** What stands in a client's file, as far as it concerns logins. */
export interface ClientDocument {
  /** Registry to helper, in the order of the file. */
  credHelpers: ReadonlyMap<string, string>;
  credsStore: string | null;
  /** Registry to what is kept for it in the file itself. */
  auths: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
  /** Docker does not read a file that begins with one. */
  hasByteOrderMark: boolean;
}

/** Fails with `bad-input`, which names the path and quotes nothing: the file holds secrets. */
export function readDocument(text: FileText, path: string): ClientDocument {
  if (text === null || isBlank(text)) {
    return { credHelpers: new Map(), credsStore: null, auths: new Map(), hasByteOrderMark: false };
  }
  const { mark, root, content } = parseStrictly(text, path);
  refuseDuplicates(root, path);
  return {
    credHelpers: readHelpers(content, path),
    credsStore: typeof content['credsStore'] === 'string' ? content['credsStore'] || null : null,
    auths: readAuths(root, content, path),
    hasByteOrderMark: mark !== '',
  };
}

function parseStrictly(text: string, path: string) {
  const { mark, body } = withoutMark(text);
  let content: unknown;
  try {
    content = JSON.parse(body);
  } catch {
    // The parser's own message quotes the text, and with it secrets.
    throw new HelperError('bad-input', `${path} is not JSON`, {
      hint: 'correct it (comments and trailing commas are not allowed), then run this again',
    });
  }
  if (!isObject(content)) {
    throw new HelperError('bad-input', `${path} holds no JSON object`, {
      hint: 'correct it, or move it away',
    });
  }
  return { mark, root: locate(body), content };
}

function refuseDuplicates(root: JsonValue, path: string): void {
  const key = findDuplicateKey(root);
  if (key === null) return;
  throw new HelperError('bad-input', `${path} has the key ${key} twice`, {
    hint: 'remove one of the two, then run this again',
  });
}

function objectAt(content: Record<string, unknown>, key: string, path: string): Record<string, unknown> {
  const value = Object.hasOwn(content, key) ? content[key] : {};
  if (isObject(value)) return value;
  throw new HelperError('bad-input', `${key} in ${path} is not an object`, {
    hint: 'correct it, then run this again',
  });
}

function readHelpers(content: Record<string, unknown>, path: string): Map<string, string> {
  const entries = Object.entries(objectAt(content, 'credHelpers', path));
  const wrong = entries.find(([, helper]) => typeof helper !== 'string');
  if (!wrong) return new Map(entries as [string, string][]);
  throw new HelperError('bad-input', `the helper for ${wrong[0]} in ${path} is not a string`, {
    hint: 'correct it, then run this again',
  });
}

function readAuths(root: JsonValue, content: Record<string, unknown>, path: string): ClientDocument['auths'] {
  if (content['auths'] === null) return new Map();
  const auths = objectAt(content, 'auths', path);
  const keys = memberOf(root, 'auths')?.value.members.map(({ key }) => key) ?? [];
  return new Map(
    keys.map((key) => {
      const entry = Object.hasOwn(auths, key) ? auths[key] : {};
      return [key, isObject(entry) ? entry : {}] as const;
    }),
  );
}
