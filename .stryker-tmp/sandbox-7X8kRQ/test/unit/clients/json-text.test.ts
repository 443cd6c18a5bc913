import fc from 'fast-check';
import { expect, it } from 'vitest';
import { findDuplicateKey, type JsonValue, locate } from '../../../src/clients/json-text.ts';

/** The value again, from the places alone. */
function rebuild(text: string, value: JsonValue): unknown {
  if (value.kind === 'object') {
    return Object.fromEntries(value.members.map(({ key, value }) => [key, rebuild(text, value)]));
  }
  if (value.kind === 'array') return value.items.map((item) => rebuild(text, item));
  return JSON.parse(text.slice(value.start, value.end));
}

it('finds every value where JSON.parse finds it', () => {
  fc.assert(
    fc.property(fc.json(), fc.constantFrom('', '  ', '\t'), (json, indent) => {
      const value = JSON.parse(json);
      const text = ` ${JSON.stringify(value, null, indent)}\n`;
      expect(rebuild(text, locate(text))).toEqual(value);
    }),
  );
});

it.each([
  ['{"a": 1, "b": {"c": 1, "c": 2}}', 'c'],
  ['{"a": 1, "\\u0061": 2}', 'a'],
  ['{"a": {"a": {"a": 1}}, "b": [{"a": 1}]}', null],
  ['{"__proto__": 1, "__proto__": 2}', '__proto__'],
])('%s has %j twice', (text, key) => {
  expect(findDuplicateKey(locate(text))).toBe(key);
});
