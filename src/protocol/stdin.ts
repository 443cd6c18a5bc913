import { fstatSync, read } from 'node:fs';
import { HelperError } from '../errors.ts';

/** More than any client sends: the largest secrets (JSON keys of other clouds) have a few kB. */
const LIMIT_BYTES = 128 * 1024;
/** No client pauses; whoever started us by hand gets an explanation instead of a hang. */
const IDLE_MS = 10_000;
const STDIN = 0;

/**
 * All of stdin as text. A terminal, ten seconds without a byte, more than 128 KiB and invalid
 * UTF-8 are `bad-input`; `expected` says in the message what should have come.
 */
export async function readStdin(expected: string, idleMs = IDLE_MS): Promise<string> {
  const waiting = new HelperError('bad-input', `no input: ${expected} is expected on standard input`, {
    hint: 'pipe it in; clients such as docker do that by themselves, see --help',
  });
  if (await isTerminal()) throw waiting;
  const next = await openStdin();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const chunk = await withinIdle(next(), idleMs, waiting);
    if (chunk.length === 0) return decode(chunks);
    size += chunk.length;
    if (size > LIMIT_BYTES)
      throw new HelperError('bad-input', `the input is larger than ${LIMIT_BYTES / 1024} KiB`);
    chunks.push(chunk);
  }
}

async function isTerminal(): Promise<boolean> {
  try {
    if (!fstatSync(STDIN).isCharacterDevice()) return false;
  } catch {
    return false;
  }
  // Loaded only now: a client's pipe never comes here, /dev/null and a terminal do.
  const { isatty } = await import('node:tty');
  return isatty(STDIN);
}

/** Gives the next bytes; none at the end, or where there is nothing to read from. */
export type ReadNext = () => Promise<Uint8Array>;

/** The plain read(2) loads nothing; under Node it would keep a process that gives up from ending. */
async function openStdin(): Promise<ReadNext> {
  if ('Bun' in globalThis) return readDescriptor;
  const { openStream } = await import('./stdin-node.ts');
  return openStream();
}

async function withinIdle(next: Promise<Uint8Array>, idleMs: number, waiting: HelperError) {
  let timer: NodeJS.Timeout | undefined;
  const idle = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(waiting), idleMs);
  });
  try {
    return await Promise.race([next, idle]);
  } finally {
    clearTimeout(timer);
  }
}

function readDescriptor(): Promise<Uint8Array> {
  const buffer = new Uint8Array(64 * 1024);
  return new Promise((resolve) => {
    const attempt = () =>
      read(STDIN, buffer, 0, buffer.length, null, (error, count) => {
        // Somebody made the pipe non-blocking: nothing there yet.
        if (error?.code === 'EAGAIN') return void setTimeout(attempt, 5);
        // A closed stdin (EBADF) and the end of a Windows pipe (EOF) are an empty input.
        resolve(error ? buffer.subarray(0, 0) : buffer.subarray(0, count));
      });
    attempt();
  });
}

function decode(chunks: Uint8Array[]): string {
  const all = new Uint8Array(chunks.reduce((size, chunk) => size + chunk.length, 0));
  let offset = 0;
  for (const chunk of chunks) {
    all.set(chunk, offset);
    offset += chunk.length;
  }
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(all);
  } catch {
    throw new HelperError('bad-input', 'the input is not UTF-8 text');
  }
}
