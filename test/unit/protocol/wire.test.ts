import { describe, expect, it } from 'vitest';
import { formatCredentials, parseCredentials, parseServerURL } from '../../../src/protocol/wire.ts';
import { Secret } from '../../../src/secret.ts';

const CONTROLS = ['\0', '\n', '\r', '\x1b', '\x7f', '\x85', '\u2028', '\u2029'];

describe('a server URL', () => {
  it.each([
    ['us.icr.io', 'us.icr.io'],
    ['us.icr.io\n', 'us.icr.io'],
    ['us.icr.io\r\n', 'us.icr.io'],
    [' us.icr.io ', ' us.icr.io '],
    ['x'.repeat(2048), 'x'.repeat(2048)],
  ])('%j is %j', (input, serverURL) => {
    expect(parseServerURL(input)).toBe(serverURL);
  });

  it.each(['', '\n', '\r\n', ' ', '\t \n'])('%j is none', (input) => {
    expect(() => parseServerURL(input)).toThrow(/^no credentials server URL$/);
  });

  it.each([
    ...CONTROLS.map((control) => `us${control}.icr.io`),
    'us.icr.io\n\n',
    'us.icr.io\r',
    '\nus.icr.io',
  ])('%j holds a control character', (input) => {
    expect(() => parseServerURL(input)).toThrow('the server URL holds a control character');
  });

  it('ends somewhere', () => {
    expect(() => parseServerURL('x'.repeat(2049))).toThrow(
      expect.objectContaining({
        code: 'bad-input',
        message: 'the server URL is longer than 2048 characters',
      }),
    );
  });
});

describe('what store gets', () => {
  const whole = { ServerURL: 'us.icr.io', Username: 'iamapikey', Secret: 'word' };
  const parse = (changes: object) => parseCredentials(JSON.stringify({ ...whole, ...changes }));

  it('is an object with three strings, and whatever else', () => {
    const { serverURL, username, secret } = parse({ Other: 1 });
    expect({ serverURL, username, secret: secret.reveal() }).toEqual({
      serverURL: 'us.icr.io',
      username: 'iamapikey',
      secret: 'word',
    });
  });

  it('may have an empty secret, and any letters in it', () => {
    expect(parse({ Secret: '' }).secret.reveal()).toBe('');
    expect(parse({ Secret: 'ü\n\u2028' }).secret.reveal()).toBe('ü\n\u2028');
  });

  it.each([
    [{ ServerURL: undefined }, 'no credentials server URL'],
    [{ ServerURL: null }, 'no credentials server URL'],
    [{ ServerURL: ' ' }, 'no credentials server URL'],
    [{ Username: undefined }, 'no credentials username'],
    [{ Username: '' }, 'no credentials username'],
    [{ Secret: undefined }, 'no Secret in the input'],
    [{ ServerURL: 1 }, 'ServerURL is not a string'],
    [{ Username: ['x'] }, 'Username is not a string'],
    [{ Secret: false }, 'Secret is not a string'],
    [{ ServerURL: 'us.icr.io\n' }, 'the server URL holds a control character'],
    [{ Username: 'iam\x1bapikey' }, 'the username holds a control character'],
  ])('%j: %s', (changes, message) => {
    expect(() => parse(changes)).toThrow(expect.objectContaining({ code: 'bad-input', message }));
  });

  it.each(['ServerURL', 'Username', 'Secret'])('that has a number for %s is told what to send', (key) => {
    expect(() => parse({ [key]: 1 })).toThrow(
      expect.objectContaining({ hint: 'send {"ServerURL": "…", "Username": "…", "Secret": "…"}' }),
    );
  });

  it('takes nothing from what every object has', () => {
    const input = '{"__proto__":{"ServerURL":"us.icr.io","Username":"u","Secret":"s"}}';
    expect(() => parseCredentials(input)).toThrow('no credentials server URL');
  });

  it.each([
    ['', 'the input is not JSON'],
    ['{"Secret":"canary"', 'the input is not JSON'],
    ['null', 'the input is not a JSON object'],
    ['[]', 'the input is not a JSON object'],
    ['"canary"', 'the input is not a JSON object'],
  ])('%j is refused without being quoted', (input, message) => {
    const hint = 'send {"ServerURL": "…", "Username": "…", "Secret": "…"}';
    expect(() => parseCredentials(input)).toThrow(
      expect.objectContaining({ code: 'bad-input', message, hint }),
    );
  });
});

it('get answers with three keys, written as docker-py wants them', () => {
  const credentials = { serverURL: 'us.icr.io', username: 'iambearer', secret: new Secret('a.b"c') };
  expect(formatCredentials(credentials)).toBe(
    '{"ServerURL":"us.icr.io","Username":"iambearer","Secret":"a.b\\"c"}',
  );
});
