import {
  applyEdits,
  cutMembers,
  type Edit,
  type JsonValue,
  locate,
  type Member,
  memberOf,
} from './json-text.ts';

/** Clients put `docker-credential-` before it to find the program. */
export const HELPER = 'icr';
const BYTE_ORDER_MARK = '\ufeff';

/** What a file is to be: text, or null for no file. */
export type FileText = string | null;

/**
 * Adds `"credHelpers": {"<host>": "icr"}` and touches nothing else in the text. New members go to the
 * end of their object, so that removeHelpers can cut them off again without a trace.
 */
export function addHelpers(text: FileText, hosts: readonly string[]): string {
  if (text === null) return rootWith(hosts);
  // The line break in front tells removeHelpers that there was a file.
  if (isBlank(text)) return `${text}\n${rootWith(hosts)}`;
  const { mark, body, root } = parse(text);
  return mark + applyEdits(body, editsToAdd(body, root, hosts));
}

/** Takes out the entries of this helper for which `isCut` says so, and what addHelpers made around them. */
export function removeHelpers(text: FileText, isCut: (host: string) => boolean): FileText {
  if (text === null || isBlank(text)) return text;
  const { mark, body, root } = parse(text);
  const helpers = memberOf(root, 'credHelpers');
  if (!helpers) return text;
  const isOurs = ({ key, value }: Member) => decoded(body, value) === HELPER && isCut(key);
  const ours = helpers.value.members.filter(isOurs);
  if (ours.length === 0) return text;
  if (ours.length < helpers.value.members.length) {
    return mark + applyEdits(body, cutMembers(helpers.value, isOurs));
  }
  const before = innerBefore(body, helpers.value, spacesInside(layoutOf(body, root)));
  if (before !== null) return mark + applyEdits(body, [fill(helpers.value, before)]);
  if (root.members.length > 1)
    return (
      mark +
      applyEdits(
        body,
        cutMembers(root, (member) => member === helpers),
      )
    );
  return withoutRoot(text, mark, body, root);
}

/** Takes entries out of `auths`, whatever they hold. */
export function removeLogins(text: FileText, isCut: (key: string) => boolean): FileText {
  if (text === null || isBlank(text)) return text;
  const { mark, body, root } = parse(text);
  const auths = memberOf(root, 'auths')?.value;
  if (!auths?.members.some(({ key }) => isCut(key))) return text;
  const isEmptied = auths.members.every(({ key }) => isCut(key));
  const edits = isEmptied ? [fill(auths, '')] : cutMembers(auths, ({ key }) => isCut(key));
  return mark + applyEdits(body, edits);
}

function withoutRoot(text: string, mark: string, body: string, root: JsonValue): FileText {
  const before = innerBefore(body, root, NEW_ROOT);
  if (before !== null) return mark + applyEdits(body, [fill(root, before)]);
  const lead = text.slice(0, mark.length + root.start);
  return lead.endsWith('\n') && root.end === body.length ? lead.slice(0, -1) : null;
}

/** White space after the opening brace and before each member, and before the closing brace. */
interface Spaces {
  first: string;
  last: string;
}

/** As docker itself writes the file: tabs, no line break at the end. */
const NEW_ROOT: Spaces = { first: '\n\t', last: '\n' };

/**
 * An empty object is filled in a way that still tells what was between its braces: an object made
 * here has exactly the standard spaces, and one that was there has others.
 */
function spacesFor(inner: string, standard: Spaces): Spaces {
  if (inner === '') return { first: `${standard.first} `, last: standard.last };
  return { first: inner === standard.last ? `${standard.first}  ` : standard.first, last: inner };
}

/** What was between the braces before spacesFor; null if the object was not there. */
function innerBefore(body: string, object: JsonValue, standard: Spaces): string | null {
  const [head] = object.members;
  const tail = object.members.at(-1);
  if (!head || !tail) return null;
  const first = body.slice(object.start + 1, head.start);
  const last = body.slice(tail.value.end, object.end - 1);
  if (last !== standard.last) return last;
  if (first === standard.first) return null;
  return first === `${standard.first} ` ? '' : last;
}

/** How the members of the root are written. */
interface Layout {
  /** '' for a text on one line. */
  newline: string;
  indent: string;
  colon: string;
}

function layoutOf(body: string, { start, members: [head] }: JsonValue): Layout {
  if (!head) return layoutAfter(NEW_ROOT.first);
  const colon = body.slice(head.keyEnd, head.value.start);
  return { ...layoutAfter(body.slice(start + 1, head.start)), colon };
}

function layoutAfter(space: string): Layout {
  const [, newline = '', indent = ''] = /(\r?\n)([^\n]*)$/.exec(space) ?? [];
  return { newline, indent, colon: ': ' };
}

function spacesInside({ newline, indent }: Layout): Spaces {
  if (newline === '') return { first: '', last: '' };
  return { first: newline + indent + indent, last: newline + indent };
}

function editsToAdd(body: string, root: JsonValue, hosts: readonly string[]): Edit[] {
  const helpers = memberOf(root, 'credHelpers');
  if (!helpers) return [addToRoot(body, root, hosts)];
  const known = new Map(helpers.value.members.map((member) => [member.key, member.value]));
  const displaced = hosts.flatMap((host) => {
    const value = known.get(host);
    return value && decoded(body, value) !== HELPER
      ? [{ start: value.start, end: value.end, text: JSON.stringify(HELPER) }]
      : [];
  });
  const added = hosts.filter((host) => !known.has(host));
  if (added.length === 0) return displaced;
  return [...displaced, addEntries(body, helpers.value, added, layoutOf(body, root))];
}

function addToRoot(body: string, root: JsonValue, hosts: readonly string[]): Edit {
  const tail = root.members.at(-1);
  if (tail) return append(body, root, tail, [helpersMember(hosts, layoutOf(body, root))]);
  const { first, last } = spacesFor(innerOf(body, root), NEW_ROOT);
  return fill(root, first + helpersMember(hosts, layoutAfter(first)) + last);
}

function helpersMember(hosts: readonly string[], layout: Layout): string {
  return `"credHelpers"${layout.colon}{${content(hosts, spacesInside(layout), layout.colon)}}`;
}

function addEntries(body: string, object: JsonValue, hosts: readonly string[], layout: Layout): Edit {
  const tail = object.members.at(-1);
  if (tail) {
    const colon = body.slice(tail.keyEnd, tail.value.start);
    return append(
      body,
      object,
      tail,
      hosts.map((host) => entry(host, colon)),
    );
  }
  const spaces = spacesFor(innerOf(body, object), spacesInside(layout));
  return fill(object, content(hosts, spaces, layout.colon));
}

/** After the last member, with the white space that stands before it. */
function append(body: string, object: JsonValue, tail: Member, members: readonly string[]): Edit {
  const before = object.members.at(-2);
  const space = /\s*$/.exec(body.slice(before?.value.end ?? object.start + 1, tail.start))?.[0] ?? '';
  const separator = `,${space || (before ? '' : ' ')}`;
  const at = tail.value.end;
  return { start: at, end: at, text: members.map((member) => separator + member).join('') };
}

function rootWith(hosts: readonly string[]): string {
  const { first, last } = NEW_ROOT;
  return `{${first}${helpersMember(hosts, layoutAfter(first))}${last}}`;
}

function content(hosts: readonly string[], { first, last }: Spaces, colon: string): string {
  return first + hosts.map((host) => entry(host, colon)).join(`,${first || ' '}`) + last;
}

function entry(host: string, colon: string): string {
  return `${JSON.stringify(host)}${colon}${JSON.stringify(HELPER)}`;
}

function fill(object: JsonValue, inner: string): Edit {
  return { start: object.start + 1, end: object.end - 1, text: inner };
}

function innerOf(body: string, object: JsonValue): string {
  return body.slice(object.start + 1, object.end - 1);
}

function decoded(body: string, value: JsonValue): unknown {
  return JSON.parse(body.slice(value.start, value.end));
}

export function isBlank(text: string): boolean {
  return /^\ufeff?[ \t\r\n]*$/.test(text);
}

/** The byte order mark by itself: JSON.parse does not take it, and neither does docker. */
export function withoutMark(text: string): { mark: string; body: string } {
  const mark = text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : '';
  return { mark, body: text.slice(mark.length) };
}

function parse(text: string): { mark: string; body: string; root: JsonValue } {
  const { mark, body } = withoutMark(text);
  return { mark, body, root: locate(body) };
}
