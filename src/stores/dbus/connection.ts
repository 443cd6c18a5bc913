import { io } from '../../io.ts';
import { bindLibc } from '../../libc.ts';
import { formatCall, type Message, type MethodCall, parseMessage } from './message.ts';

/** linux/socket.h, linux/net.h. */
const AF_UNIX = 1;
const SOCK_STREAM = 1;
const SOCK_NONBLOCK = 0o4000;
const SOCK_CLOEXEC = 0o2000000;
/** unix(7), sun_path: a path with its zero byte; an abstract name has no end but its length. */
const LONGEST_NAME = 108;

/**
 * By the peer's credentials, which the kernel tells: the empty identity is what a process in a user
 * namespace (rootless podman) can prove, where it believes to be root.
 */
const AUTHENTICATION = '\0AUTH EXTERNAL\r\nDATA\r\nBEGIN\r\n';
/** What a bus says to it, with its id; BEGIN has no answer. */
const ACCEPTED = [/^DATA\r\n$/, /^OK [0-9a-f]+\r\n$/];
const LINE_FEED = 10;
const LONGEST_LINE = 512;

/** A connection to a message bus, blocking with a deadline: nothing else goes on meanwhile. */
export interface Connection {
  /** Sends calls at once; their answers in the same order. */
  call(calls: readonly MethodCall[]): Message[];
  close(): void;
}

/** The bus takes too long. */
export class BusTimeout extends Error {}

/** Throws where there is no bus, or it says no. `path` begins with a zero byte for an abstract socket. */
export function connect(path: string, ms: number): Connection {
  const end = performance.now() + ms;
  const { awaitInput } = io;
  if (!awaitInput) throw new Error('no way to wait for an answer');
  const socket = openSocket(path);
  let received = new Uint8Array();
  let serial = 0;

  const receive = () => {
    const left = end - performance.now();
    // A bus that never stops talking is too late as well.
    if (left <= 0 || !awaitInput(socket, left)) throw new BusTimeout();
    const buffer = new Uint8Array(16 * 1024);
    const count = io.read(socket, buffer);
    if (count === 0) throw new Error('the session bus is gone');
    received = join([received, buffer.subarray(0, count)]);
  };
  const nextLine = (): string => {
    for (;;) {
      const length = received.indexOf(LINE_FEED) + 1;
      if (length > 0) {
        const line = new TextDecoder('latin1').decode(received.subarray(0, length));
        received = received.slice(length);
        return line;
      }
      if (received.length > LONGEST_LINE) throw new Error('this is no message bus');
      receive();
    }
  };
  const nextMessage = (): Message => {
    for (;;) {
      const parsed = parseMessage(received);
      if (parsed) {
        received = received.slice(parsed.length);
        return parsed.message;
      }
      receive();
    }
  };

  const send = (parts: readonly Uint8Array[]) => {
    const bytes = join(parts);
    for (let done = 0; done < bytes.length; ) done += io.write(socket, bytes.subarray(done));
  };
  let greeting: Uint8Array[] = [new TextEncoder().encode(AUTHENTICATION)];
  return {
    call: (calls) => {
      const all = greeting.length > 0 ? [HELLO, ...calls] : calls;
      const first = serial + 1;
      send([...greeting, ...all.map((call) => formatCall(call, ++serial))]);
      if (greeting.length > 0 && !ACCEPTED.every((line) => line.test(nextLine())))
        throw new Error('the session bus does not accept this process');
      greeting = [];
      const answers = new Map<number, Message>();
      while (answers.size < all.length) {
        const message = nextMessage();
        const { replySerial } = message;
        if (replySerial !== null && replySerial >= first && replySerial <= serial)
          answers.set(replySerial, message);
      }
      return calls.map((_, index) => answers.get(serial - calls.length + 1 + index) as Message);
    },
    close: () => io.close(socket),
  };
}

const HELLO: MethodCall = {
  destination: 'org.freedesktop.DBus',
  path: '/org/freedesktop/DBus',
  interface: 'org.freedesktop.DBus',
  member: 'Hello',
};

const INT = 5;
const POINTER = 12;
const SOCKETS = {
  socket: { args: [INT, INT, INT], returns: INT },
  connect: { args: [INT, POINTER, INT], returns: INT },
} as const;

interface Sockets {
  socket(domain: number, type: number, protocol: number): number;
  connect(socket: number, address: Uint8Array, size: number): number;
}

function openSocket(path: string): number {
  const libc = bindLibc<Sockets>(SOCKETS);
  const name = new TextEncoder().encode(path.startsWith('\0') ? path : `${path}\0`);
  if (!libc || name.length > LONGEST_NAME) throw new Error('no way to this socket');
  const address = new Uint8Array(2 + name.length);
  address[0] = AF_UNIX;
  address.set(name, 2);
  const socket = libc.socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (socket < 0) throw new Error('no socket');
  if (libc.connect(socket, address, address.length) === 0) return socket;
  io.close(socket);
  throw new Error('no connection to the session bus');
}

function join(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return all;
}
