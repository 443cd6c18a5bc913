import type { Socket } from 'node:net';
import { ANSWERS, bytesOf } from './bus-messages.ts';
import { pause } from './pause.ts';
import { answer, ITEM, items, type Say, secretAnswer, text } from './secret-bus.ts';

/** Of a bus. */
export interface Manner {
  what: string;
  say: Say;
}

const signal = bytesOf(ANSWERS.signal);
/** It names call 3, and is none the less no answer. */
const signalWithReply = bytesOf(ANSWERS.signalWithReply);
const error = (serial: number) => answer(serial, 's', text('no'), 3);

const GET_SECRET = 4;
const isTo = (serial: number, right: Buffer) => right.readUInt32LE(8) === serial + 100;

/** Says this in place of the right answer to a call. */
function instead(serial: number, other: Uint8Array): Say {
  return (socket, lines, answers) =>
    socket.write(
      Buffer.concat([Buffer.from(lines), ...answers.map((right) => (isTo(serial, right) ? other : right))]),
    );
}

/** What a bus may do as well. */
export const ODD: readonly Manner[] = [
  {
    what: 'answers',
    say: (socket, lines, answers) => socket.write(Buffer.concat([Buffer.from(lines), ...answers])),
  },
  {
    what: 'answers byte by byte',
    say: async (socket, lines, answers) => {
      for (const byte of Buffer.concat([Buffer.from(lines), ...answers])) {
        socket.write(Uint8Array.of(byte));
        await new Promise(setImmediate);
      }
    },
  },
  {
    what: 'answers in the opposite order, with signals in between',
    say: (socket, lines, answers) => {
      const others = [...answers].reverse().flatMap((right) => [signal, signalWithReply, right]);
      socket.write(Buffer.concat([Buffer.from(lines), ...others, signal]));
    },
  },
  {
    what: 'answers what nobody asked, too',
    say: (socket, lines, answers) => {
      const others = [0, 99, 0xffffff00].map((serial) => answer(serial, '', Buffer.alloc(0)));
      socket.write(Buffer.concat([Buffer.from(lines), ...others, ...answers]));
    },
  },
];

/** What is left to libsecret. */
export const WRONG: readonly Manner[] = [
  { what: 'rejects', say: (socket) => socket.write('REJECTED EXTERNAL\r\n') },
  { what: 'rejects later', say: (socket) => socket.write('DATA\r\nREJECTED EXTERNAL\r\n') },
  { what: 'closes', say: (socket) => socket.end() },
  { what: 'closes when it has accepted', say: (socket, lines) => socket.end(lines) },
  {
    what: 'closes in the middle of an answer',
    say: (socket, lines, answers) => socket.end(lines + answers[0]?.toString('latin1').slice(0, 20)),
  },
  {
    what: 'closes when it is asked for the secret',
    say: (socket, lines, answers) =>
      socket.end(Buffer.concat([Buffer.from(lines), ...answers.filter((right) => !isTo(GET_SECRET, right))])),
  },
  { what: 'is a web server', say: (socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n') },
  { what: 'says a line without end', say: (socket) => endlessly(socket, Buffer.alloc(4096, 'x')) },
  {
    what: 'says what is no message',
    say: (socket, lines) => endlessly(socket, Buffer.from(`${lines}${'\x07'.repeat(100)}`)),
  },
  { what: 'speaks big-endian', say: instead(2, bytesOf(ANSWERS.bigEndian)) },
  {
    what: 'announces a message of 512 MiB',
    say: instead(2, Uint8Array.of(108, 2, 0, 1, 0, 0, 0, 32, 1, 0, 0, 0, 0, 0, 0, 0)),
  },
  { what: 'opens no session', say: instead(2, error(2)) },
  { what: 'does not search', say: instead(3, error(3)) },
  { what: 'gives no secret', say: instead(4, error(4)) },
  { what: 'answers with other types', say: instead(3, answer(3, 's', text('no'))) },
  {
    what: 'answers with an array that is too long',
    say: instead(3, answer(3, 'aoao', Buffer.from([255, 255, 255, 127, 0, 0, 0, 0]))),
  },
  { what: 'finds nothing', say: instead(3, answer(3, 'aoao', items([], []))) },
  { what: 'finds two items', say: instead(3, answer(3, 'aoao', items([ITEM, ITEM], []))) },
  { what: 'finds a locked item', say: instead(3, answer(3, 'aoao', items([], [ITEM]))) },
  {
    what: 'finds an item of a very long name',
    say: instead(3, answer(3, 'aoao', items([`/${'x'.repeat(100_000)}`], []))),
  },
  { what: 'gives a secret that is not UTF-8', say: instead(4, secretAnswer(Buffer.from([0xff, 0xfe]))) },
];

/** What takes too long. */
export const SLOW: readonly Manner[] = [
  { what: 'says nothing', say: () => {} },
  { what: 'accepts and says nothing more', say: (socket, lines) => socket.write(lines) },
  {
    what: 'stops in the middle of an answer',
    say: (socket, lines, answers) => socket.write(lines + answers[0]?.toString('latin1').slice(0, 20)),
  },
  {
    what: 'does not say the secret',
    say: (socket, lines, answers) =>
      socket.write(
        Buffer.concat([Buffer.from(lines), ...answers.filter((right) => !isTo(GET_SECRET, right))]),
      ),
  },
  {
    what: 'sends signals without end',
    say: (socket, lines) => {
      socket.write(lines);
      endlessly(socket, Buffer.concat(Array.from({ length: 100 }, () => signal)));
    },
  },
  {
    what: 'sends a signal now and then',
    say: async (socket, lines) => {
      socket.write(lines);
      while (!socket.destroyed) {
        socket.write(signal);
        await pause(100);
      }
    },
  },
];

function endlessly(socket: Socket, chunk: Buffer): void {
  while (!socket.destroyed && socket.write(chunk));
  if (!socket.destroyed) socket.once('drain', () => endlessly(socket, chunk));
}
