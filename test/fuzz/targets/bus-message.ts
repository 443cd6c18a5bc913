import { parseMessage } from '../../../src/stores/dbus/message.ts';
import { onlyUnlockedOf, secretOf, sessionOf } from '../../../src/stores/dbus/secret-service.ts';
import { ANSWERS, bytesOf, CALLS } from '../../support/bus-messages.ts';
import { must, mustEqual, type Target } from '../target.ts';

const READERS = [
  { signature: 'vo', read: sessionOf },
  { signature: 'aoao', read: onlyUnlockedOf },
  { signature: '(oayays)', read: secretOf },
];

/** What a message bus sends, and what the Secret Service says in it: a letter is a byte. */
export function busMessage(): Target {
  return {
    files: ['stores/dbus/message.ts', 'stores/dbus/secret-service.ts'],
    seeds: [...Object.values(ANSWERS), ...Object.values(CALLS)].map((text) => latin1(bytesOf(text))),
    words: ['(oayays)', 'aoao', 'vo', '\0\0\0\0', '\x01\0\0\0', '\xff\xff\xff\xff', '\x01u\0', '\x01s\0'],
    check: (input) => {
      const bytes = Uint8Array.from(input, (letter) => letter.charCodeAt(0));
      const parsed = orNone(() => parseMessage(bytes));
      if (!parsed) return;
      const { message, length } = parsed;
      const view = new DataView(bytes.buffer);
      const begin = Math.ceil((16 + view.getUint32(12, true)) / 8) * 8;
      must(length === begin + view.getUint32(4, true), 'it ends elsewhere');
      must(latin1(message.body) === latin1(bytes.subarray(begin, length)), 'another body');
      mustEqual([message.replySerial, message.signature], fieldsOf(view), 'its fields');
      must(parseMessage(bytes.subarray(0, length - 1)) === null, 'it is read before it is there');
      for (const { signature, read } of READERS) {
        const value = orNone(() => read(message));
        if (value === null) continue;
        mustEqual([message.type, message.signature], [2, signature], 'the answer');
        must(
          latin1(message.body).includes(latin1(new TextEncoder().encode(value))),
          'read is what is not there',
        );
      }
    },
  };
}

/** The header fields once more, of a message that was read: of which call it is the answer, and the signature. */
function fieldsOf(view: DataView): [number | null, string] {
  let reply: number | null = null;
  let signature = '';
  const isAnswer = [2, 3].includes(view.getUint8(1));
  const end = 16 + view.getUint32(12, true);
  let at = 16;
  while (at < end) {
    at += -at & 7;
    const code = view.getUint8(at);
    const type = String.fromCharCode(view.getUint8(at + 2));
    at += 4;
    if (type === 'g') {
      const length = view.getUint8(at);
      const text = new Uint8Array(view.buffer, at + 1, length);
      if (code === 8) signature = new TextDecoder('utf-8', { ignoreBOM: true }).decode(text);
      at += 1 + length + 1;
      continue;
    }
    const number = view.getUint32(at, true);
    if (type === 'u' && code === 5 && isAnswer) reply = number;
    at += 4 + (type === 'u' ? 0 : number + 1);
  }
  must(at === end, 'the fields end elsewhere');
  return [reply, signature];
}

/** Null for what is no message: a RangeError, or a TypeError for text that is not UTF-8. */
function orNone<T>(work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (error instanceof RangeError || (error instanceof TypeError && /decode|encoded/i.test(error.message)))
      return null;
    throw error;
  }
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}
