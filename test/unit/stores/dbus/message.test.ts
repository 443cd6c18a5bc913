import { describe, expect, it } from 'vitest';
import { formatCall, type MethodCall, parseMessage, Reader } from '../../../../src/stores/dbus/message.ts';
import { onlyUnlockedOf, secretOf, sessionOf } from '../../../../src/stores/dbus/secret-service.ts';
import { ANSWERS, bytesOf, CALLS } from '../../../support/bus-messages.ts';

const SECRETS = { destination: 'org.freedesktop.secrets', path: '/org/freedesktop/secrets' };
const SERVICE = { ...SECRETS, interface: 'org.freedesktop.Secret.Service' };
const BUS = 'org.freedesktop.DBus';

describe('a call', () => {
  it.each<[keyof typeof CALLS, number, MethodCall]>([
    ['hello', 1, { destination: BUS, path: '/org/freedesktop/DBus', interface: BUS, member: 'Hello' }],
    [
      'openSession',
      2,
      {
        ...SERVICE,
        member: 'OpenSession',
        body: [
          { type: 's', value: 'plain' },
          { type: 'v', value: '' },
        ],
      },
    ],
    [
      'searchItems',
      3,
      {
        ...SERVICE,
        member: 'SearchItems',
        body: [{ type: 'm', value: { service: 'docker-credential-icr', account: 'größe-€', '': '' } }],
      },
    ],
    ['searchNothing', 4, { ...SERVICE, member: 'SearchItems', body: [{ type: 'm', value: {} }] }],
    [
      'getSecret',
      0x01020304,
      {
        destination: SECRETS.destination,
        path: `${SECRETS.path}/collection/login/7`,
        interface: 'org.freedesktop.Secret.Item',
        member: 'GetSecret',
        body: [{ type: 'o', value: `${SECRETS.path}/session/s1` }],
      },
    ],
  ])('%s is the same bytes as of another implementation', (name, serial, call) => {
    expect(Buffer.from(formatCall(call, serial)).toString('base64')).toBe(CALLS[name]);
  });
});

describe('a message', () => {
  it.each<[keyof typeof ANSWERS, object]>([
    ['openSession', { type: 2, replySerial: 2, signature: 'vo' }],
    ['searchItems', { type: 2, replySerial: 3, signature: 'aoao' }],
    ['getSecret', { type: 2, replySerial: 4, signature: '(oayays)' }],
    ['empty', { type: 2, replySerial: 5, signature: '', body: new Uint8Array() }],
    ['error', { type: 3, replySerial: 6, signature: 's' }],
    ['signal', { type: 4, replySerial: null, signature: 's' }],
    // The specification lets any message have one; this answers nothing.
    ['signalWithReply', { type: 4, replySerial: null, signature: 's' }],
  ])('%s is read', (name, expected) => {
    const bytes = bytesOf(ANSWERS[name]);
    expect(parseMessage(bytes)).toEqual({
      message: { body: expect.any(Uint8Array), ...expected },
      length: bytes.length,
    });
  });

  it.each(Object.keys(ANSWERS) as (keyof typeof ANSWERS)[])(
    '%s is not read before its last byte, nor with what follows',
    (name) => {
      if (name === 'bigEndian') return;
      const bytes = bytesOf(ANSWERS[name]);
      for (let length = 0; length < bytes.length; length++)
        expect(parseMessage(bytes.subarray(0, length))).toBeNull();
      expect(parseMessage(Uint8Array.of(...bytes, ...bytes, 1))).toEqual(parseMessage(bytes));
    },
  );

  /** An answer to call 5 without a body, and with other header fields: "BYTE, VARIANT". */
  const withFields = (...fields: number[]) =>
    Uint8Array.of(...header({ fields: fields.length }), ...fields, ...padding(fields.length));
  const REPLY = [5, 1, 'u'.charCodeAt(0), 0, 5, 0, 0, 0];

  it.each([
    ['none', [], null],
    ['a number', REPLY, 5],
    ['a text', [...REPLY, 7, 1, 115, 0, 1, 0, 0, 0, 120, 0], 5],
    ['a path', [...REPLY, 1, 1, 111, 0, 1, 0, 0, 0, 47, 0], 5],
    ['a signature', [...REPLY, 8, 1, 103, 0, 1, 115, 0], 5],
    ['a field of tomorrow', [99, 1, 117, 0, 1, 0, 0, 0, ...REPLY], 5],
    ['a count of files', [9, 1, 117, 0, 0, 0, 0, 0, ...REPLY], 5],
  ])('with this header field is read: %s', (_, fields, replySerial) => {
    expect(parseMessage(withFields(...fields))?.message.replySerial).toBe(replySerial);
  });

  it.each([
    ['big-endian', bytesOf(ANSWERS.bigEndian)],
    ['of no endianness', Uint8Array.of(0, ...header({}).slice(1))],
    ['of another version', Uint8Array.of(...header({ version: 2 }))],
    ['longer than 64 KiB', Uint8Array.of(...header({ body: 64 * 1024 }))],
    ['of 4 GiB', Uint8Array.of(...header({ body: 0xffffffff, fields: 0xffffffff }))],
    ['a field of no type', withFields(5, 0, 0, 0)],
    ['a field of a type that none has', withFields(5, 1, 'y'.charCodeAt(0), 0, 5)],
    ['a text that is longer than the fields', withFields(7, 1, 115, 0, 200, 0, 0, 0, 120, 0)],
    ['a text that is longer than anything', withFields(7, 1, 115, 0, 255, 255, 255, 255, 120, 0)],
    ['a number that is cut off', withFields(5, 1, 117, 0, 5)],
    ['a signature that is cut off', withFields(8, 1, 103, 0, 9, 115)],
    [
      'a text that reaches from the fields into the body',
      Uint8Array.of(...header({ fields: 9, body: 8 }), 7, 1, 115, 0, 8, 0, 0, 0, ...new Uint8Array(16)),
    ],
  ])('that is no message for us throws: %s', (_, bytes) => {
    expect(() => parseMessage(bytes)).toThrow(RangeError);
  });
});

/** Of an answer: with these lengths. */
function header({ version = 1, body = 0, fields = 0 }): number[] {
  const numbers = Uint32Array.of(body, 77, fields);
  return ['l'.charCodeAt(0), 2, 0, version, ...new Uint8Array(numbers.buffer)];
}

function padding(length: number): number[] {
  return Array.from({ length: -length & 7 }, () => 0);
}

describe('an array', () => {
  const read = (...bytes: number[]) => {
    const reader = new Reader(Uint8Array.from(bytes));
    const texts: string[] = [];
    reader.array(4, () => void texts.push(reader.string()));
    return texts;
  };

  it('may be empty, and hold empty texts', () => {
    expect(read(0, 0, 0, 0)).toEqual([]);
    expect(read(13, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)).toEqual(['', '']);
  });

  it.each([
    ['longer than the message', [5, 0, 0, 0, 0, 0, 0, 0]],
    ['longer than anything', [255, 255, 255, 255, 0, 0, 0, 0, 0]],
    ['shorter than its element', [3, 0, 0, 0, 1, 0, 0, 0, 97, 0]],
    ['cut off', [5, 0, 0]],
  ])('throws: %s', (_, bytes) => {
    expect(() => read(...bytes)).toThrow(RangeError);
  });
});

describe('an answer of the Secret Service', () => {
  const answer = (name: keyof typeof ANSWERS) => {
    const parsed = parseMessage(bytesOf(ANSWERS[name]));
    if (!parsed) throw new Error('not whole');
    return parsed.message;
  };

  it('is read', () => {
    expect(sessionOf(answer('openSession'))).toBe('/org/freedesktop/secrets/session/s1');
    expect(onlyUnlockedOf(answer('searchItems'))).toBe('/org/freedesktop/secrets/collection/login/7');
    expect(onlyUnlockedOf(answer('searchNothing'))).toBeNull();
    expect(secretOf(answer('getSecret'))).toBe('s3cret€');
  });

  it('is none where several items are unlocked', () => {
    const { body, ...answered } = answer('searchItems');
    const two = Uint8Array.of(...body.subarray(52), 0, 0, 0, 0);
    expect(onlyUnlockedOf({ ...answered, body: two })).toBeNull();
  });

  it('of another kind is none', () => {
    for (const read of [sessionOf, onlyUnlockedOf, secretOf])
      for (const name of ['empty', 'error', 'signal'] as const) expect(read(answer(name))).toBeNull();
    expect(sessionOf({ ...answer('openSession'), type: 3 })).toBeNull();
    expect(secretOf(answer('openSession'))).toBeNull();
  });

  it.each([
    ['openSession', sessionOf],
    ['searchItems', onlyUnlockedOf],
    ['getSecret', secretOf],
  ] as const)('throws where it is cut off: %s', (name, read) => {
    const whole = answer(name);
    // The locked items and the type of the content are not read.
    const needed = { openSession: whole.body.length, searchItems: 52, getSecret: 57 }[name];
    for (let length = 0; length < whole.body.length; length++) {
      const cut = () => read({ ...whole, body: whole.body.subarray(0, length) });
      if (length < needed) expect(cut, `${length} bytes`).toThrow(RangeError);
      else expect(cut()).toBe(read(whole));
    }
  });

  it('keeps a byte order mark, and has no secret that is not UTF-8', () => {
    const secret = (...bytes: number[]) =>
      secretOf({
        ...answer('getSecret'),
        body: Uint8Array.of(1, 0, 0, 0, 47, 0, 0, 0, 0, 0, 0, 0, bytes.length, 0, 0, 0, ...bytes),
      });
    expect(secret(0xef, 0xbb, 0xbf, 120)).toBe('\ufeffx');
    expect(() => secret(0xff)).toThrow(TypeError);
  });
});
