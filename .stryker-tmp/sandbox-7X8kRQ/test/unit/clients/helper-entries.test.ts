import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addHelpers, removeHelpers, removeLogins } from '../../../src/clients/helper-entries.ts';

const HOSTS = ['us.icr.io', 'de.icr.io'];
const ENTRIES = { 'us.icr.io': 'icr', 'de.icr.io': 'icr' };

const lines = (...parts: string[]) => parts.join('\n');

describe('adding entries changes nothing else', () => {
  it.each([
    [
      'tabs, as docker writes',
      lines('{', '\t"auths": {}', '}'),
      lines(
        '{',
        '\t"auths": {},',
        '\t"credHelpers": {',
        '\t\t"us.icr.io": "icr",',
        '\t\t"de.icr.io": "icr"',
        '\t}',
        '}',
      ),
    ],
    [
      'four spaces and a line break at the end',
      lines('{', '    "auths": {}', '}', ''),
      lines(
        '{',
        '    "auths": {},',
        '    "credHelpers": {',
        '        "us.icr.io": "icr",',
        '        "de.icr.io": "icr"',
        '    }',
        '}',
        '',
      ),
    ],
    [
      'CRLF',
      '{\r\n  "a": 1\r\n}\r\n',
      '{\r\n  "a": 1,\r\n  "credHelpers": {\r\n    "us.icr.io": "icr",\r\n    "de.icr.io": "icr"\r\n  }\r\n}\r\n',
    ],
    ['one line', '{"a":1,"b":2}', '{"a":1,"b":2,"credHelpers":{"us.icr.io":"icr", "de.icr.io":"icr"}}'],
    [
      'one line with a space',
      '{ "a": 1 }',
      '{ "a": 1, "credHelpers": {"us.icr.io": "icr", "de.icr.io": "icr"} }',
    ],
    [
      'entries of others, which stay first',
      lines('{', '  "credHelpers": {', '    "x.example": "pass"', '  },', '  "z": [1,2 ,3]', '}'),
      lines(
        '{',
        '  "credHelpers": {',
        '    "x.example": "pass",',
        '    "us.icr.io": "icr",',
        '    "de.icr.io": "icr"',
        '  },',
        '  "z": [1,2 ,3]',
        '}',
      ),
    ],
    [
      'no file',
      null,
      lines('{', '\t"credHelpers": {', '\t\t"us.icr.io": "icr",', '\t\t"de.icr.io": "icr"', '\t}', '}'),
    ],
  ])('%s', (_, before, after) => {
    expect(addHelpers(before, HOSTS)).toBe(after);
    expect(removeHelpers(after, () => true)).toBe(before);
  });
});

describe('configure and unconfigure give back every byte of', () => {
  it.each([
    '',
    ' \r\n',
    '\ufeff',
    '{}',
    '{}\n',
    '{ }',
    '{\n}',
    '{\r\n}\r\n',
    '{\n\t}\n',
    '\n\n{}',
    '\ufeff{"a": 1}',
    '{"credHelpers": {}}',
    '{"credHelpers":{ }, "b": 1}',
    '{\n\t"credHelpers": {}\n}',
    '{\n\t"credHelpers": {\n\t}\n}',
    '{\n"a": 1\n}',
    '{\n\n\n  "a": 1,\n\n  "b": 2\n\n}\n\n',
    '{"a" : 1\n ,"b":2}',
    '{"credsStore": "pass", "other": {"credHelpers": {"us.icr.io": "icr"}}}',
    '{"ключ": "\\u0441", "😀": "\u2028"}',
    '{"__proto__": {"credHelpers": 1}, "constructor": []}',
    '{"credHelpers": {"x.example": "pass"}}',
    '{"credHelpers"\n:\n{"x.example":\t"pass" , "y.example" :"pass"\n}\n}',
  ])('%j', (text) => {
    const configured = addHelpers(text, HOSTS);
    expect(JSON.parse(configured.replace('\ufeff', ''))).toMatchObject({ credHelpers: ENTRIES });
    expect(removeHelpers(configured, () => true)).toBe(text);
    expect(removeHelpers(addHelpers(configured, ['uk.icr.io']), () => true)).toBe(text);
  });
});

describe('any file', () => {
  // Values of every kind, with the words that matter in every place.
  const word = fc.oneof(
    fc.constantFrom('credHelpers', 'auths', 'us.icr.io', 'icr', 'quay.io', ''),
    fc.string({ unit: 'grapheme', maxLength: 6 }),
  );
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom(null, true, 0, -1.5e30),
      word,
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(word, tie('value'), { maxKeys: 4 }),
    ),
  }));
  const others = fc.dictionary(
    fc.constantFrom('quay.io', 'ghcr.io', 'us.icr.io:443', 'ключ'),
    fc.constantFrom('pass', 'icr-not', ''),
  );
  const root = fc
    .tuple(fc.dictionary(word, value, { maxKeys: 4 }), fc.option(others, { nil: undefined }), fc.boolean())
    .map(([rest, credHelpers, first]) => {
      const { credHelpers: _, ...members } = rest;
      if (credHelpers === undefined) return members;
      return first ? { credHelpers, ...members } : { ...members, credHelpers };
    });
  const file = fc.record({
    root,
    indent: fc.constantFrom('', ' ', '  ', '    ', '\t', '   \t'),
    newline: fc.constantFrom('\n', '\r\n'),
    mark: fc.constantFrom('', '\ufeff'),
    head: fc.constantFrom('', '\n', ' \t'),
    tail: fc.constantFrom('', '\n', '\r\n\r\n'),
  });
  const hosts = fc.uniqueArray(fc.constantFrom('us.icr.io', 'icr.io', 'private.de.icr.io'), { minLength: 1 });

  const textOf = ({
    root,
    indent,
    newline,
    mark,
    head,
    tail,
  }: typeof file extends fc.Arbitrary<infer T> ? T : never) =>
    mark + head + JSON.stringify(root, null, indent).replaceAll('\n', newline) + tail;

  it('comes back byte for byte, and differs in credHelpers only in between', () => {
    fc.assert(
      fc.property(file, hosts, (given, hosts) => {
        const text = textOf(given);
        const configured = addHelpers(text, hosts);
        const { credHelpers, ...rest } = JSON.parse(configured.replace(/^\ufeff/, ''));
        const { credHelpers: before, ...restBefore } = JSON.parse(JSON.stringify(given.root));
        expect(rest).toEqual(restBefore);
        expect(credHelpers).toEqual({ ...before, ...Object.fromEntries(hosts.map((host) => [host, 'icr'])) });
        expect(addHelpers(configured, hosts)).toBe(configured);
        expect(removeHelpers(configured, () => true)).toBe(text);
      }),
      { numRuns: 1000 },
    );
  });

  it('loses single hosts without losing its form', () => {
    fc.assert(
      fc.property(file, hosts, (given, hosts) => {
        let text = addHelpers(textOf(given), hosts) as string | null;
        for (const host of hosts.toReversed()) text = removeHelpers(text, (key) => key === host);
        expect(text).toBe(textOf(given));
      }),
    );
  });
});

it('puts itself in the place of another helper, and only its value changes', () => {
  const text = '{"credHelpers": {"us.icr.io" : "other", "x": "pass"}}';
  expect(addHelpers(text, ['us.icr.io'])).toBe('{"credHelpers": {"us.icr.io" : "icr", "x": "pass"}}');
});

it('knows a host that is written with escapes', () => {
  const text = '{"credHelpers": {"\\u0075s.icr.io": "icr"}}';
  expect(addHelpers(text, ['us.icr.io'])).toBe(text);
});

it.each([
  ['{"credHelpers":{"us.icr.io":"icr","x":"pass","de.icr.io":"icr"}}', '{"credHelpers":{"x":"pass"}}'],
  ['{"credHelpers":{"us.icr.io":"icr","de.icr.io":"icr"},"a":1}', '{"a":1}'],
  ['{"a":1,"credHelpers":{"us.icr.io":"icr"}}', '{"a":1}'],
  ['{"credHelpers":{"us.icr.io":"pass"}}', '{"credHelpers":{"us.icr.io":"pass"}}'],
  ['{"other":{"us.icr.io":"icr"}}', '{"other":{"us.icr.io":"icr"}}'],
])('from %s remains %s', (text, left) => {
  expect(removeHelpers(text, () => true)).toBe(left);
});

it('has nothing to add to a file nested deeper than the stack', () => {
  const deep = `{"a": ${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
  expect(removeHelpers(addHelpers(deep, HOSTS), () => true)).toBe(deep);
});

it.each([
  ['{"auths": {"us.icr.io": {"auth": "eA=="}}}', '{"auths": {}}'],
  ['{"auths": {"a": {}, "us.icr.io": {"auth": "eA=="}, "b": {}}}', '{"auths": {"a": {}, "b": {}}}'],
  ['{"auths": {"us.icr.io": {}, "b": {}}}', '{"auths": {"b": {}}}'],
  ['{"auths": { }}', '{"auths": { }}'],
  ['{"auths": null}', '{"auths": null}'],
])('of the logins %s remains %s', (text, left) => {
  expect(removeLogins(text, (key) => key === 'us.icr.io')).toBe(left);
});
