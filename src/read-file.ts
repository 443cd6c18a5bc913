import { type FileStatus, io } from './io.ts';
import { standStill } from './stand-still.ts';
import type { System } from './system.ts';

/** Larger than anything we write; a larger file is not ours. */
const LIMIT_BYTES = 256 * 1024;

/**
 * The bytes of a small file, or null if it is not there. Other errors are thrown as they are.
 * `inspect` sees the very file that is read, not one that took its place, and may throw.
 */
export function readSmallFile(path: string, inspect?: (status: FileStatus) => void): Uint8Array | null {
  const file = io.open(path);
  if (file === null) return null;
  try {
    inspect?.(io.status(file));
    return readToEnd(file, path);
  } finally {
    io.close(file);
  }
}

/** Two reads in the common case; neither the size that is claimed nor an end is trusted (/dev/zero). */
function readToEnd(file: number, path: string): Uint8Array {
  let buffer = new Uint8Array(4096);
  for (let size = 0; ; ) {
    const count = readSome(file, buffer.subarray(size));
    if (count === 0) return buffer.subarray(0, size);
    size += count;
    if (size > LIMIT_BYTES) throw new Error(`${path} is larger than ${LIMIT_BYTES / 1024} KiB`);
    if (size === buffer.length) {
      const larger = new Uint8Array(2 * size);
      larger.set(buffer);
      buffer = larger;
    }
  }
}

/** Whoever writes into a pipe may still be at work: `--apikey-file <(vault read …)`. */
const PIPE_MS = 5_000;
const PAUSE_MS = 20;

function readSome(file: number, buffer: Uint8Array): number {
  for (let waited = 0; ; waited += PAUSE_MS) {
    try {
      return io.read(file, buffer);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN' || waited >= PIPE_MS) throw error;
      standStill(PAUSE_MS);
    }
  }
}

/** The text that bytes are in UTF-8, with replacement characters for what is none. */
export function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

export function isMissing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/** Whether this is a real folder of ours that nobody else can look into. */
export function isPrivateFolder(path: string, system: System): boolean {
  if (system.platform === 'win32') return true;
  const status = io.statusOf(path);
  if (status === null) return false;
  return status.isDirectory() && status.uid === system.euid && (status.mode & 0o077) === 0;
}
