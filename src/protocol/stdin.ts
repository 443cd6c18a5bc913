import { HelperError } from '../errors.ts';
import { io } from '../io.ts';

/** More than any client sends: the largest secrets (JSON keys of other clouds) have a few kB. */
const LIMIT_BYTES = 128 * 1024;
/** No client pauses; whoever started us by hand gets an explanation instead of a hang. */
const IDLE_MS = 10_000;
const STDIN = 0;

/**
 * All of stdin as text. A terminal, ten seconds without a byte, more than 128 KiB and invalid
 * UTF-8 are `bad-input`; `expected` says in the message what should have come, `hint` how it comes.
 */
export async function readStdin(
  expected: string,
  { hint = CLIENTS_HINT, idleMs = IDLE_MS } = {},
): Promise<string> {
  if (await isTerminal()) throw missing(expected, hint);
  const next = await openStdin(idleMs);
  const chunks: Uint8Array[] = [];
  for (let size = 0; ; ) {
    const chunk = await next();
    if (chunk === null) throw missing(expected, hint);
    if (chunk.length === 0) return decode(chunks, size);
    size += chunk.length;
    if (size > LIMIT_BYTES)
      throw new HelperError('bad-input', `the input is larger than ${LIMIT_BYTES / 1024} KiB`);
    chunks.push(chunk);
  }
}

/** Of the verbs, which people start by mistake. */
const CLIENTS_HINT = 'pipe it in; clients such as docker do that by themselves, see --help';

function missing(expected: string, hint: string): HelperError {
  return new HelperError('bad-input', `no input: ${expected} is expected on standard input`, { hint });
}

async function isTerminal(): Promise<boolean> {
  try {
    if (!io.status(STDIN).isCharacterDevice()) return false;
  } catch {
    return false;
  }
  // Loaded only now: a client's pipe never comes here, /dev/null and a terminal do.
  const { isatty } = await import('node:tty');
  return isatty(STDIN);
}

/** Gives the next bytes: none at the end or where there is nothing to read from, null where none come in time. */
export type ReadNext = () => Promise<Uint8Array | null>;

/** The fastest way that there is. */
async function openStdin(idleMs: number): Promise<ReadNext> {
  const { awaitInput } = io;
  // Without a thread, whose start takes longer than all the reading.
  if (awaitInput) return () => readWhenReady(awaitInput, idleMs);
  // A read(2) in a thread loads less; under Node it would keep a process that gives up from ending.
  if ('Bun' in globalThis) return (await import('./stdin-thread.ts')).readByThread(STDIN, idleMs);
  return (await import('./stdin-node.ts')).readStream(idleMs);
}

/** What all clients send fits. */
const CHUNK_BYTES = 4 * 1024;

/** Nothing else happens for so long, in one go: the caller may have a deadline of its own. */
const SLICE_MS = 50;

async function readWhenReady(
  awaitInput: NonNullable<typeof io.awaitInput>,
  idleMs: number,
): Promise<Uint8Array | null> {
  const end = performance.now() + idleMs;
  while (!awaitInput(STDIN, Math.min(SLICE_MS, idleMs))) {
    if (performance.now() >= end) return null;
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
  return readReady();
}

/** A closed stdin is an empty input. */
function readReady(): Uint8Array {
  const buffer = new Uint8Array(CHUNK_BYTES);
  try {
    return buffer.subarray(0, io.read(STDIN, buffer));
  } catch {
    return buffer.subarray(0, 0);
  }
}

function decode(chunks: readonly Uint8Array[], size: number): string {
  const all = new Uint8Array(size);
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
