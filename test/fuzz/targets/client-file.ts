import { findClearLogins } from '../../../src/clients/clear-logins.ts';
import { type ClientDocument, readDocument } from '../../../src/clients/client-document.ts';
import { addHelpers, isBlank, removeHelpers, removeLogins } from '../../../src/clients/helper-entries.ts';
import { locate } from '../../../src/clients/json-text.ts';
import { must, mustEqual, orRefusal, type Target } from '../target.ts';

const HOSTS = ['us.icr.io', 'private.de.icr.io'];

/** config.json and auth.json: what is read from them, and that an edit changes nothing else. */
export function clientFile(): Target {
  return {
    files: [
      'clients/json-text.ts',
      'clients/helper-entries.ts',
      'clients/client-document.ts',
      'clients/clear-logins.ts',
    ],
    isJson: true,
    seeds: [
      '',
      '\ufeff{\n}',
      '{"auths": {"us.icr.io": {"auth": "aWFtYXBpa2V5OmtleQ=="}, "quay.io": {}}, "credsStore": "pass"}',
      '{\n\t"auths": {},\n\t"credHelpers": {\n\t\t"us.icr.io": "icr",\n\t\t"x.example": "pass"\n\t}\n}',
      '{ "credHelpers":{ }, "a" : [1, "\\"}", {"b":"\\\\"}] }\r\n',
      '{"credHelpers":{"us.icr.io":"ecr-login","\\u0061":"\\u0069cr"},"HttpHeaders":{"a":"b"}}',
      '{"auths":null,"x":"\ud83d\ude00","__proto__":{"credHelpers":1}}',
      '{"auths":{"https://us.icr.io/v2/":{"identitytoken":"t"},"us.icr.io:443":{"username":"u","password":"p"}}}',
    ],
    words: [
      'credHelpers',
      'auths',
      'icr',
      'us.icr.io',
      '\\"',
      '\\\\',
      '\\u0022',
      '{',
      '}',
      ',',
      '"',
      ' ',
      '\r\n',
      '\t',
    ],
    check: (text) => {
      const document = orRefusal(() => readDocument(text, '/config.json'));
      if (document === null) return;
      checkLogins(document);
      checkAdding(text);
      checkRemoving(text, document);
      checkLoginRemoval(text, document);
    },
  };
}

function checkLogins(document: ClientDocument): void {
  for (const { key, host } of findClearLogins(document)) {
    must(document.auths.has(key), 'a login that is not there');
    must(/(?:icr\.io|bluemix\.net)$/.test(host), `a login for ${host}`);
  }
}

function checkAdding(text: string): void {
  const after = addHelpers(text, HOSTS);
  const before = contentOf(text);
  const helpers = {
    ...objectAt(before, 'credHelpers'),
    ...Object.fromEntries(HOSTS.map((host) => [host, 'icr'])),
  };
  mustEqual(contentOf(after), withMember(before, 'credHelpers', helpers), 'with helpers');
  mustKeepOthers(text, after, 'credHelpers');
  if (Object.values(objectAt(before, 'credHelpers')).includes('icr')) return;
  if (HOSTS.some((host) => Object.hasOwn(objectAt(before, 'credHelpers'), host))) return;
  must(removeHelpers(after, () => true) === text, 'adding and removing leaves a trace');
}

function checkRemoving(text: string, { credHelpers }: ClientDocument): void {
  const after = removeHelpers(text, (host) => host !== 'private.de.icr.io');
  const isCut = ([host, helper]: [string, unknown]) => helper === 'icr' && host !== 'private.de.icr.io';
  const cut = [...credHelpers].filter(isCut);
  if (cut.length === 0) return void must(after === text, 'changed without a reason');
  const before = contentOf(text);
  const left = Object.fromEntries(
    Object.entries(objectAt(before, 'credHelpers')).filter((one) => !isCut(one)),
  );
  const now = after === null ? {} : contentOf(after);
  mustEqual(
    withMember(now, 'credHelpers', objectAt(now, 'credHelpers')),
    withMember(before, 'credHelpers', left),
    'without',
  );
  if (after !== null) mustKeepOthers(text, after, 'credHelpers');
}

function checkLoginRemoval(text: string, { auths }: ClientDocument): void {
  const isCut = (key: string) => key.includes('icr');
  const after = removeLogins(text, isCut) ?? '';
  if (![...auths.keys()].some(isCut)) return void must(after === text, 'changed without a reason');
  const before = contentOf(text);
  const left = Object.fromEntries(Object.entries(objectAt(before, 'auths')).filter(([key]) => !isCut(key)));
  mustEqual(contentOf(after), withMember(before, 'auths', left), 'without logins');
  mustKeepOthers(text, after, 'auths');
}

/** The other members stand there letter by letter, in the same order. */
function mustKeepOthers(before: string, after: string, changed: string): void {
  if (isBlank(before) || isBlank(after)) return;
  const [one, other] = [before, after].map((text) => membersOf(text).filter(([key]) => key !== changed));
  must(JSON.stringify(one) === JSON.stringify(other), `more than ${changed} has changed`);
}

function membersOf(text: string): [string, string][] {
  return locate(text).members.map(({ key, start, value }) => [key, text.slice(start, value.end)]);
}

function contentOf(text: string): Record<string, unknown> {
  return isBlank(text) ? {} : JSON.parse(text.replace(/^\ufeff/, ''));
}

function objectAt(content: Record<string, unknown>, key: string): Record<string, unknown> {
  return Object.hasOwn(content, key) ? ((content[key] ?? {}) as Record<string, unknown>) : {};
}

function withMember(content: Record<string, unknown>, key: string, value: unknown): unknown {
  return Object.fromEntries([...Object.entries(content).filter(([name]) => name !== key), [key, value]]);
}
