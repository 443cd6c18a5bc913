import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  type Stats,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { HelperError } from './errors.ts';
import type { System } from './system.ts';

/** Larger than anything we write; a larger file is not ours. */
const LIMIT_BYTES = 256 * 1024;

/** Not waiting for somebody to write into a pipe of this name. */
const READ_ONLY = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/**
 * The bytes of a small file, or null if it is not there. Other errors are thrown as they are.
 * `inspect` sees the very file that is read, not one that took its place, and may throw.
 */
export function readSmallFile(path: string, inspect?: (stat: Stats) => void): Uint8Array | null {
  let file: number;
  try {
    file = openSync(path, READ_ONLY);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
  try {
    inspect?.(fstatSync(file));
    return readToEnd(file, path);
  } finally {
    closeSync(file);
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
      return readSync(file, buffer, 0, buffer.length, null);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN' || waited >= PIPE_MS) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
    }
  }
}

export function isMissing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

export interface WriteOptions {
  /** Wait until the disk has it, so that a power cut cannot bring an older state back. */
  durable?: boolean;
}

/** Replaces or makes a 0600 file as a whole: readers see the old content or the new, never a mix. */
export function writePrivateFile(
  path: string,
  content: string | Uint8Array,
  options: WriteOptions = {},
): void {
  const temporary = createTemporary(path, content, options.durable ?? false);
  try {
    renameSync(temporary, path);
  } catch (error) {
    removeFile(temporary);
    throw error;
  }
  if (options.durable) syncFolder(path);
  removeLeftovers(path, parentOf(path));
}

/** A temporary file this old was left by a process that died: it lives for a write and a rename. */
const LEFTOVER_MS = 60_000;
const TEMPORARY = /\.[0-9a-f]{32}\.tmp$/;

/**
 * Removes what killed writers have left in the folder of a file that was just written, under names
 * that begin so. The file tells the time: a file server's clock may be another.
 */
export function removeLeftovers(written: string, folder: string, prefix = ''): void {
  try {
    removeTemporaries(folder, prefix, lstatSync(written).mtimeMs - LEFTOVER_MS);
  } catch {
    // Replaced or erased already.
  }
}

/** Removes temporary files last written before a moment, milliseconds since 1970; what stands in the way stays. */
export function removeTemporaries(folder: string, prefix: string, before = Number.POSITIVE_INFINITY): void {
  try {
    const names = readdirSync(folder).filter((name) => name.startsWith(prefix) && TEMPORARY.test(name));
    for (const name of names) {
      const path = `${folder}/${name}`;
      if (lstatSync(path).mtimeMs < before) removeFile(path);
    }
  } catch {
    // Another user's, or not to be listed: for the next writer.
  }
}

/** A new name is on disk when its folder is; where folders cannot be synced (Windows), the system sees to it. */
function syncFolder(path: string): void {
  try {
    const folder = openSync(parentOf(path), 'r');
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  } catch {
    // The content is written; only a power cut right now could still lose it.
  }
}

/**
 * Makes a 0600 file that nobody else has made yet and returns true; false if it is there already,
 * whole. Of several processes that try at once exactly one gets true.
 */
export function createPrivateFile(
  path: string,
  content: string | Uint8Array,
  { durable = false }: WriteOptions = {},
): boolean {
  const temporary = createTemporary(path, content, durable);
  try {
    linkSync(temporary, path);
    if (durable) syncFolder(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    unlinkSync(temporary);
  }
}

/** As createPrivateFile; where there are no hard links (FAT, SMB, some FUSE) as exclusive, but not whole at once. */
export function createPrivateFileAnywhere(
  path: string,
  content: string | Uint8Array,
  options: WriteOptions = {},
): boolean {
  const { durable = false } = options;
  try {
    return createPrivateFile(path, content, options);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall !== 'link') throw error;
  }
  try {
    writeNew(path, content, durable);
    if (durable) syncFolder(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function createTemporary(path: string, content: string | Uint8Array, durable: boolean): string {
  const temporary = `${path}.${randomName()}.tmp`;
  writeNew(temporary, content, durable);
  return temporary;
}

function writeNew(path: string, content: string | Uint8Array, durable: boolean): void {
  // O_EXCL: never into a file or through a link that somebody laid there before.
  const file = openSync(path, 'wx', 0o600);
  try {
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
    if (durable) fsyncSync(file);
  } catch (error) {
    unlinkSync(path);
    throw Object.assign(error as Error, { path });
  } finally {
    closeSync(file);
  }
}

/** Deletes a file and says whether it was there. */
export function removeFile(path: string, options: WriteOptions = {}): boolean {
  try {
    unlinkSync(path);
    if (options.durable) syncFolder(path);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

export function randomName(): string {
  return Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('hex');
}

/** Whether this is a real folder of ours that nobody else can look into. */
export function isPrivateFolder(path: string, system: System): boolean {
  if (system.platform === 'win32') return true;
  try {
    const stat = lstatSync(path);
    return stat.isDirectory() && stat.uid === system.euid && (stat.mode & 0o077) === 0;
  } catch {
    return false;
  }
}

/**
 * Makes a folder and what is missing above it, 0700. Refuses where the nearest folder that exists
 * belongs to somebody else: under `sudo -E` HOME is another user's, and files of root in it would
 * lock that user out.
 */
export function makePrivateFolder(path: string, system: System): void {
  if (system.platform === 'win32') return void mkdirSync(path, { recursive: true });
  refuseForeignFolder(path, system);
  // What is written into it would go with it in a power cut.
  for (const folder of makeFolders(path)) syncFolder(folder);
}

/**
 * Those that were missing, the innermost first. One by one, since `recursive` never ends under Node
 * where a folder takes no other and says that it is not there (/proc).
 */
function makeFolders(path: string): readonly string[] {
  try {
    return makeFolder(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    const above = makeFolders(parentOf(path));
    return [...makeFolder(path), ...above];
  }
}

function makeFolder(path: string): readonly string[] {
  try {
    mkdirSync(path, { mode: 0o700 });
    return [path];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST' && statSync(path).isDirectory()) return [];
    throw error;
  }
}

function refuseForeignFolder(path: string, system: System): void {
  for (let folder = path; ; folder = parentOf(folder)) {
    let owner: number;
    try {
      owner = statSync(folder).uid;
    } catch (error) {
      if (isMissing(error) && folder !== '/') continue;
      throw error;
    }
    if (owner === system.euid) return;
    throw new HelperError(
      'store-unreachable',
      `${folder} belongs to another user, nothing is written there`,
      {
        hint: 'run this as the owner of the home directory, or set HOME (sudo -H instead of sudo -E)',
      },
    );
  }
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}
