import fc from 'fast-check';
import { expect, it } from 'vitest';
import { findDuplicateKey, locate } from '../../../src/clients/json-text.ts';
import { rebuild } from '../../fuzz/targets/json-text.ts';

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
