import { everyValue, findDuplicateKey, type JsonValue, locate } from '../../../src/clients/json-text.ts';
import { jsonOf, must, mustEqual, type Target } from '../target.ts';

/** Where things stand in a JSON text, against what JSON.parse reads there. */
export function jsonText(): Target {
  return {
    files: ['clients/json-text.ts'],
    isJson: true,
    seeds: [
      '{"a": [1, {"b": "\\"}"}], "\\u0061": null}',
      ' [ [ ] , { } , "" , -1.5e30 , true ]\n',
      '{"":{"":{"":[]}}}',
      '"\\\\"',
      '0',
    ],
    words: ['\\"', '\\\\', '\\u0022', '{}', '[]', ',', ':', '"', '{"a":1}', '\n'],
    check: (text) => {
      const content = jsonOf(text);
      if (content === undefined) return;
      const root = locate(text);
      if (findDuplicateKey(root) === null) mustEqual(rebuild(text, root), content, 'rebuilt');
      for (const { start, end } of everyValue(root)) {
        must(start < end && jsonOf(text.slice(start, end)) !== undefined, 'a value that is none');
      }
    },
  };
}

/** The value again, from the places alone. */
export function rebuild(text: string, value: JsonValue): unknown {
  if (value.kind === 'array') return value.items.map((item) => rebuild(text, item));
  if (value.kind !== 'object') return JSON.parse(text.slice(value.start, value.end));
  return Object.fromEntries(value.members.map(({ key, value }) => [key, rebuild(text, value)]));
}
