/**
 * Where everything stands in a JSON text, so that it can be changed without being written anew. A
 * library (jsonc-parser) brings the same tree, but its edits format what is around them.
 */
export interface JsonValue {
  kind: 'object' | 'array' | 'string' | 'other';
  start: number;
  end: number;
  /** Of an object, in the order of the text. */
  members: Member[];
  /** Of an array. */
  items: JsonValue[];
}

export interface Member {
  key: string;
  /** Where the key begins and ends, quotation marks included. */
  start: number;
  keyEnd: number;
  value: JsonValue;
}

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;

/** The root of a text that JSON.parse takes: nothing is checked here. */
export function locate(text: string): JsonValue {
  const top = newValue('array', 0);
  const open = [top];
  let key: Omit<Member, 'value'> | null = null;
  for (const { 0: token, index: start } of text.matchAll(TOKEN)) {
    const end = start + token.length;
    const parent = open.at(-1) ?? top;
    if (token === ',' || token === ':') continue;
    if (token === '}' || token === ']') {
      parent.end = end;
      open.pop();
    } else if (parent.kind === 'object' && key === null) {
      key = { key: JSON.parse(token), start, keyEnd: end };
    } else {
      const value = newValue(kindOf(token), start, end);
      if (key) parent.members.push({ ...key, value });
      else parent.items.push(value);
      key = null;
      if (value.kind === 'object' || value.kind === 'array') open.push(value);
    }
  }
  return top.items[0] ?? top;
}

function newValue(kind: JsonValue['kind'], start: number, end = start): JsonValue {
  return { kind, start, end, members: [], items: [] };
}

function kindOf(token: string): JsonValue['kind'] {
  if (token === '{') return 'object';
  if (token === '[') return 'array';
  return token.startsWith('"') ? 'string' : 'other';
}

/** The value and everything inside it; without recursion, since files can nest deeper than the stack. */
export function* everyValue(root: JsonValue): Generator<JsonValue> {
  const waiting = [root];
  for (let value = waiting.pop(); value; value = waiting.pop()) {
    yield value;
    for (const member of value.members) waiting.push(member.value);
    for (const item of value.items) waiting.push(item);
  }
}

/** A key that an object has twice: which of the two counts is up to the reader. */
export function findDuplicateKey(root: JsonValue): string | null {
  for (const { members } of everyValue(root)) {
    const seen = new Set<string>();
    for (const { key } of members) {
      if (seen.has(key)) return key;
      seen.add(key);
    }
  }
  return null;
}

export function memberOf(object: JsonValue, key: string): Member | undefined {
  return object.members.find((member) => member.key === key);
}

/** A piece of the text and what comes in its place. */
export interface Edit {
  start: number;
  end: number;
  text: string;
}

/** Edits must not overlap; their positions are those of the text as it was. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = '';
  let done = 0;
  for (const { start, end, text: added } of edits.toSorted((a, b) => a.start - b.start)) {
    result += text.slice(done, start) + added;
    done = end;
  }
  return result + text.slice(done);
}

/** Edits that take members out with the commas that belong to them; some must stay. */
export function cutMembers({ members }: JsonValue, isCut: (member: Member) => boolean): Edit[] {
  let stays: Member | undefined;
  return members.flatMap((member, index) => {
    if (!isCut(member)) {
      stays = member;
      return [];
    }
    const before = members[index - 1];
    const next = members[index + 1];
    if (stays && before) return [{ start: before.value.end, end: member.value.end, text: '' }];
    return next ? [{ start: member.start, end: next.start, text: '' }] : [];
  });
}
