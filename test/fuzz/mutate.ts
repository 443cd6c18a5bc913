import type { Random } from './random.ts';

/** What inputs are made of. */
export interface Material {
  random: Random;
  /** Inputs that reached something new. */
  corpus: readonly string[];
  words: readonly string[];
}

/** Longer ones find nothing new here, and cost time. */
const LENGTH = 2048;

/** Characters that parsers stumble over: controls, separators, invisible, halves and look-alikes. */
const ODD =
  '\0\x01\t\n\v\r\x1b\x7f\x85\xa0\u00ad\u200b\u202e\u2028\u2029\u3002\ufeff\uff0e\uff55\uffff\ud800\udfff\u0131\u0441é😀';

/** Another input: one to four changes to its letters. */
export function mutateText(text: string, material: Material): string {
  let result = text;
  for (let changes = 1 + material.random.below(4); changes > 0; changes--)
    result = changeOnce(result, material);
  return result.slice(0, LENGTH);
}

function changeOnce(text: string, { random, corpus, words }: Material): string {
  const at = random.below(text.length + 1);
  const end = Math.min(text.length, at + 1 + random.below(random.oneIn(4) ? 64 : 4));
  const head = text.slice(0, at);
  switch (random.below(9)) {
    case 0:
      return head + text.slice(end);
    case 1:
      return head + letter(random) + text.slice(at);
    case 2:
      return head + letter(random) + text.slice(at + 1);
    case 3:
      return head + random.pick(words) + text.slice(at);
    case 4:
      return head + random.pick(words) + text.slice(end);
    case 5:
      return text.slice(0, end) + text.slice(at, end).repeat(1 + random.below(4)) + text.slice(end);
    case 6: {
      const other = random.pick(corpus);
      return head + other.slice(random.below(other.length + 1));
    }
    case 7:
      return random.oneIn(8) ? head : head + swapCase(text.slice(at, end)) + text.slice(end);
    default: {
      const code = text.charCodeAt(at) ^ (1 << random.below(8));
      return at < text.length ? head + String.fromCharCode(code) + text.slice(at + 1) : text;
    }
  }
}

function letter(random: Random): string {
  return random.oneIn(3) ? random.pick([...ODD]) : String.fromCharCode(32 + random.below(95));
}

function swapCase(text: string): string {
  return text === text.toLowerCase() ? text.toUpperCase() : text.toLowerCase();
}

/** Another JSON text: one value in it is another, or gone, or under another name. Letters, if it is no JSON. */
export function mutateJson(text: string, material: Material): string {
  const { random } = material;
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch {
    return mutateText(text, material);
  }
  const box = { root };
  const places = placesIn(box);
  for (let changes = 1 + random.below(2); changes > 0; changes--) changeValue(random.pick(places), material);
  return JSON.stringify(box.root, null, random.pick(['', '', ' ', '\t']))?.slice(0, LENGTH) ?? 'null';
}

/** Where a value stands. */
interface Place {
  parent: Record<string, unknown>;
  key: string;
}

function placesIn(parent: object): Place[] {
  return Object.entries(parent).flatMap(([key, value]) => [
    { parent: parent as Record<string, unknown>, key },
    ...(typeof value === 'object' && value !== null ? placesIn(value) : []),
  ]);
}

function changeValue(place: Place, material: Material): void {
  const { parent, key } = place;
  const { random, words } = material;
  if (random.oneIn(6)) {
    if (key !== 'root') delete parent[key];
  } else if (random.oneIn(5)) {
    put(parent, Array.isArray(parent) ? String(parent.length) : random.pick(words), valueAt(place));
  } else put(parent, key, anotherValue(valueAt(place), material));
}

/** An earlier change may have taken it away. */
function valueAt({ parent, key }: Place): unknown {
  return Object.hasOwn(parent, key) ? parent[key] : null;
}

function anotherValue(value: unknown, material: Material): unknown {
  const { random, words, corpus } = material;
  switch (random.below(4)) {
    case 0:
      return random.pick(VALUES);
    case 1:
      return typeof value === 'string' ? mutateText(value, material) : random.pick(words);
    case 2:
      return random.oneIn(2) ? [value] : { [random.pick(words)]: value };
    default:
      return parseOr(random.pick(corpus), random.pick(words));
  }
}

const VALUES = [null, true, false, 0, -1, 1.5, 1e308, 2 ** 53, '', ' ', 'x', [], [[]], {}, { x: null }];

/** Also under `__proto__`, as JSON.parse does it. */
function put(parent: object, key: string, value: unknown): void {
  // A value inside itself would be no JSON.
  const copy = value === undefined ? null : structuredClone(value);
  Object.defineProperty(parent, key, { value: copy, enumerable: true, configurable: true, writable: true });
}

function parseOr(text: string, otherwise: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return otherwise;
  }
}
