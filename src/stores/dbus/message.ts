/** Messages of D-Bus, as far as a caller needs them (D-Bus Specification, "Message Protocol"). Little-endian. */

/** A value to send, with its type: s string, o object path, v a string in a variant, m a map of strings. */
export type Argument =
  | { type: 's' | 'o' | 'v'; value: string }
  | { type: 'm'; value: Readonly<Record<string, string>> };

export interface MethodCall {
  destination: string;
  path: string;
  interface: string;
  member: string;
  body?: readonly Argument[];
}

const SIGNATURES: Record<Argument['type'], string> = { s: 's', o: 'o', v: 'v', m: 'a{ss}' };

const METHOD_CALL = 1;
export const METHOD_RETURN = 2;
const ERROR = 3;
const PROTOCOL_VERSION = 1;
const PATH = 1;
const INTERFACE = 2;
const MEMBER = 3;
const REPLY_SERIAL = 5;
const DESTINATION = 6;
const SIGNATURE = 8;

/** Bytes with the alignment that everything in a message has. */
class Writer {
  readonly bytes: number[] = [];

  align(size: number): void {
    while (this.bytes.length % size !== 0) this.bytes.push(0);
  }

  byte(value: number): void {
    this.bytes.push(value);
  }

  uint32(value: number): void {
    this.align(4);
    this.bytes.push(value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24);
  }

  string(value: string): void {
    const text = new TextEncoder().encode(value);
    this.uint32(text.length);
    this.bytes.push(...text, 0);
  }

  signature(value: string): void {
    this.bytes.push(value.length, ...new TextEncoder().encode(value), 0);
  }

  /** What `write` puts down, behind its length, which does not count the padding before its first element. */
  array(alignment: number, write: () => void): void {
    this.uint32(0);
    const place = this.bytes.length - 4;
    this.align(alignment);
    const begin = this.bytes.length;
    write();
    const length = new Writer();
    length.uint32(this.bytes.length - begin);
    this.bytes.splice(place, 4, ...length.bytes);
  }
}

/** `serial` is what the reply will name; not 0. */
export function formatCall(call: MethodCall, serial: number): Uint8Array {
  const { body = [] } = call;
  const content = new Writer();
  for (const argument of body) writeArgument(argument, content);
  const message = new Writer();
  for (const byte of ['l'.charCodeAt(0), METHOD_CALL, 0, PROTOCOL_VERSION]) message.byte(byte);
  message.uint32(content.bytes.length);
  message.uint32(serial);
  const field = (code: number, type: 's' | 'o' | 'g', value: string) => {
    message.align(8);
    message.byte(code);
    message.signature(type);
    if (type === 'g') message.signature(value);
    else message.string(value);
  };
  message.array(8, () => {
    field(PATH, 'o', call.path);
    field(INTERFACE, 's', call.interface);
    field(MEMBER, 's', call.member);
    field(DESTINATION, 's', call.destination);
    if (body.length > 0) field(SIGNATURE, 'g', body.map(({ type }) => SIGNATURES[type]).join(''));
  });
  message.align(8);
  return new Uint8Array([...message.bytes, ...content.bytes]);
}

function writeArgument(argument: Argument, writer: Writer): void {
  if (argument.type === 'm') {
    writer.array(8, () => {
      for (const [key, value] of Object.entries(argument.value)) {
        writer.align(8);
        writer.string(key);
        writer.string(value);
      }
    });
    return;
  }
  if (argument.type === 'v') writer.signature('s');
  writer.string(argument.value);
}

/** Reads what stands in a message; throws where it ends too early, and for text that is not UTF-8. */
export class Reader {
  readonly #view: DataView;
  readonly bytes: Uint8Array;
  position = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  align(size: number): void {
    this.position = Math.ceil(this.position / size) * size;
  }

  byte(): number {
    return this.#view.getUint8(this.position++);
  }

  uint32(): number {
    this.align(4);
    this.position += 4;
    return this.#view.getUint32(this.position - 4, true);
  }

  take(length: number): Uint8Array {
    const end = this.position + length;
    if (end > this.bytes.length) throw new RangeError('the message ends too early');
    this.position = end;
    return this.bytes.subarray(end - length, end);
  }

  string(): string {
    const value = this.text(this.uint32());
    this.take(1);
    return value;
  }

  signature(): string {
    const value = this.text(this.byte());
    this.take(1);
    return value;
  }

  /** As it is: a byte order mark belongs to it. */
  text(length: number): string {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(this.take(length));
  }

  /** Calls `read`, which has to take something, until the array is at its end. */
  array(alignment: number, read: () => void): void {
    const length = this.uint32();
    this.align(alignment);
    const end = this.position + length;
    while (this.position < end) read();
    if (this.position > end) throw new RangeError('an element goes beyond its array');
  }
}

export interface Message {
  /** 1 call, 2 return, 3 error, 4 signal. */
  type: number;
  /** Of the call that it answers; null if it is no answer. */
  replySerial: number | null;
  /** '' for an empty body. */
  signature: string;
  body: Uint8Array;
}

/** More than any answer here has, whose secrets are short (large-secrets.ts): what is longer is not for us. */
const LARGEST_BYTES = 64 * 1024;

/** The first message of some bytes, and how long it is; null if it is not all there. Throws for what is none. */
export function parseMessage(bytes: Uint8Array): { message: Message; length: number } | null {
  if (bytes.length < 16) return null;
  const reader = new Reader(bytes);
  if (reader.byte() !== 'l'.charCodeAt(0)) throw new RangeError('not little-endian');
  const type = reader.byte();
  reader.position = 3;
  if (reader.byte() !== PROTOCOL_VERSION) throw new RangeError('another version of the protocol');
  const bodyLength = reader.uint32();
  reader.uint32();
  const fieldsLength = reader.uint32();
  const begin = Math.ceil((16 + fieldsLength) / 8) * 8;
  const length = begin + bodyLength;
  if (length > LARGEST_BYTES) throw new RangeError('the message is too long');
  if (bytes.length < length) return null;
  const message: Message = { type, replySerial: null, signature: '', body: bytes.subarray(begin, length) };
  reader.position = 12;
  reader.array(8, () => readField(reader, message));
  return { message, length };
}

function readField(reader: Reader, message: Message): void {
  reader.align(8);
  const code = reader.byte();
  switch (reader.signature()) {
    case 's':
    case 'o':
      reader.string();
      return;
    case 'g': {
      const signature = reader.signature();
      if (code === SIGNATURE) message.signature = signature;
      return;
    }
    case 'u': {
      const number = reader.uint32();
      const isAnswer = message.type === METHOD_RETURN || message.type === ERROR;
      if (code === REPLY_SERIAL && isAnswer) message.replySerial = number;
      return;
    }
    default:
      throw new RangeError('a header field of an unknown type');
  }
}
