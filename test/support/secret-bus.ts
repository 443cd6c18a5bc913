import { connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A bus, and the Secret Service on it, as far as the executable speaks to them without libsecret. */
export interface SecretBus {
  /** DBUS_SESSION_BUS_ADDRESS. */
  address: string;
  /** How many have spoken in another way: libsecret. */
  others(): number;
}

export interface SecretBusOptions {
  /** Of its socket; an abstract one begins with a zero byte. */
  path: string;
  /** What it has for everybody. */
  secret: string;
  /** Says what was asked for, or something else. */
  say?: Say;
  /** The socket of a real bus, for the others. */
  realBus?: string;
}

/** Twice in a good conversation: lines and three answers; one answer. */
export type Say = (socket: Socket, lines: string, answers: readonly Buffer[]) => void;

const sayAll: Say = (socket, lines, answers) => void socket.write(Buffer.concat([bytes(lines), ...answers]));

/** D-Bus Specification, "Authentication Protocol". */
const LINES = 'DATA\r\nOK 0123456789abcdef0123456789abcdef\r\n';
const GREETING = '\0AUTH EXTERNAL\r\nDATA\r\nBEGIN\r\n';

export async function startSecretBus(options: SecretBusOptions): Promise<SecretBus> {
  const { path, secret, say = sayAll, realBus } = options;
  const right = rightAnswers(secret);
  const clients = new Set<Socket>();
  let others = 0;
  const server = createServer((client) => {
    clients.add(client);
    client.on('error', () => {});
    client.on('close', () => clients.delete(client));
    let received = Buffer.alloc(0);
    let answered = 0;
    const listen = (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      const isGreeting = answered > 0 || received.subarray(0, 7).toString() === GREETING.slice(0, 7);
      if (received.length < 7) return;
      if (!isGreeting) {
        others++;
        client.off('data', listen);
        passOn(client, received, realBus);
        return;
      }
      const count = countMessages(received.subarray(GREETING.length));
      if (count === answered || (answered === 0 && count < 3)) return;
      say(client, answered === 0 ? LINES : '', right.slice(answered, count));
      answered = count;
    };
    client.on('data', listen);
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  onTestFinished(() => {
    server.close();
    for (const client of clients) client.destroy();
  });
  const address = path.startsWith('\0') ? `unix:abstract=${path.slice(1)}` : `unix:path=${path}`;
  return { address, others: () => others };
}

function passOn(client: Socket, received: Buffer, path: string | undefined): void {
  if (path === undefined) {
    client.destroy();
    return;
  }
  const bus = connect(path);
  bus.on('error', () => client.destroy());
  client.on('close', () => bus.destroy());
  bus.write(received);
  bus.pipe(client).pipe(bus);
}

function countMessages(stream: Buffer): number {
  let count = 0;
  for (let at = 0; at + 16 <= stream.length; ) {
    at += Math.ceil((16 + stream.readUInt32LE(at + 12)) / 8) * 8 + stream.readUInt32LE(at + 4);
    if (at <= stream.length) count++;
  }
  return count;
}

const SESSION = '/org/freedesktop/secrets/session/s1';
export const ITEM = '/org/freedesktop/secrets/collection/login/1';

/** To Hello, OpenSession, SearchItems and GetSecret, which are the calls 1 to 4. */
function rightAnswers(secret: string): Buffer[] {
  return [
    answer(1, 's', text(':1.1')),
    answer(2, 'vo', aligned([bytes('\x01s\0'), text(''), text(SESSION)])),
    answer(3, 'aoao', items([ITEM], [])),
    secretAnswer(bytes(secret)),
  ];
}

export function secretAnswer(value: Buffer): Buffer {
  return answer(
    4,
    '(oayays)',
    aligned([text(SESSION), uint32(0), uint32(value.length), value, text('text/plain')]),
  );
}

/** The body of an answer to SearchItems. */
export function items(unlocked: readonly string[], locked: readonly string[]): Buffer {
  const [first, second] = [unlocked, locked].map((paths) => aligned(paths.map(text))) as [Buffer, Buffer];
  return aligned([uint32(first.length), first, uint32(second.length), second]);
}

/** A return (2) or an error (3). */
export function answer(serial: number, signature: string, body: Buffer, type = 2): Buffer {
  const types = Buffer.concat([bytes(`\x08\x01g\0${String.fromCharCode(signature.length)}${signature}\0`)]);
  const fields = Buffer.concat([bytes('\x05\x01u\0'), uint32(serial), types]);
  const start = [bytes(`l${String.fromCharCode(type)}\0\x01`), uint32(body.length), uint32(serial + 100)];
  const head = Buffer.concat([...start, uint32(fields.length), fields]);
  return Buffer.concat([head, Buffer.alloc(-head.length & 7), body]);
}

export function text(value: string): Buffer {
  return Buffer.concat([uint32(Buffer.byteLength(value)), bytes(value), Buffer.alloc(1)]);
}

function uint32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32LE(value);
  return buffer;
}

/** Each but the first at a multiple of four. */
function aligned(parts: readonly Buffer[]): Buffer {
  return Buffer.concat(
    parts.flatMap((part, index) => [part, Buffer.alloc(index < parts.length - 1 ? -part.length & 3 : 0)]),
  );
}

function bytes(value: string): Buffer {
  return Buffer.from(value);
}
