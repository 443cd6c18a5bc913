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
  renameSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { basename, dirname } from 'node:path';
import { HelperError } from './errors.ts';
import { randomName } from './random-name.ts';
import { isMissing } from './read-file.ts';
import type { System } from './system.ts';

export interface WriteOptions {
  /** Wait until the disk has it, so that a power cut cannot bring an older state back. */
  durable?: boolean;
}

export interface ReplaceOptions extends WriteOptions {
  /** The folder is the user's, where other programs have files too: nothing but this one is touched there. */
  amongOthers?: boolean;
}

/** Replaces or makes a 0600 file as a whole: readers see the old content or the new, never a mix. */
export function writePrivateFile(
  path: string,
  content: string | Uint8Array,
  options: ReplaceOptions = {},
): void {
  const temporary = createTemporary(path, content, options.durable ?? false);
  try {
    renameSync(temporary, path);
  } catch (error) {
    removeFile(temporary);
    throw error;
  }
  if (options.durable) syncFolder(path);
  removeLeftovers(path, dirname(path), options.amongOthers ? `${basename(path)}.` : '');
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
  removeOldFiles(folder, (name) => name.startsWith(prefix) && TEMPORARY.test(name), before);
}

/** The same for files with other names. */
export function removeOldFiles(folder: string, isMeant: (name: string) => boolean, before: number): void {
  try {
    for (const path of readdirSync(folder)
      .filter(isMeant)
      .map((name) => `${folder}/${name}`))
      if (lstatSync(path).mtimeMs < before) removeFile(path);
  } catch {
    // Another user's, or not to be listed: for the next writer.
  }
}

/** A new name is on disk when its folder is; where folders cannot be synced (Windows), the system sees to it. */
function syncFolder(path: string): void {
  try {
    const folder = openSync(dirname(path), 'r');
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
    // Others clear it away as a leftover where we stood still for long.
    removeFile(temporary);
  }
}

/**
 * As createPrivateFile; where there are no hard links (FAT, some FUSE and SMB, Android) as exclusive, but
 * not whole at once.
 */
export function createPrivateFileAnywhere(path: string, content: string | Uint8Array): boolean {
  try {
    return createPrivateFile(path, content);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall !== 'link' || isMissing(error)) throw error;
  }
  try {
    writeNew(path, content, false);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Makes a 0600 file that nobody else has made yet, or fills an empty one: where there are no hard
 * links, a kill between making and writing leaves one. There it is appended, so that of several
 * processes the first one's content begins the file: whoever calls this has to read it.
 */
export function settlePrivateFile(path: string, content: string | Uint8Array, options: WriteOptions): void {
  try {
    if (createPrivateFile(path, content, options)) return;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall !== 'link') throw error;
  }
  const file = openSync(path, APPEND, 0o600);
  try {
    const stat = fstatSync(file);
    if (!stat.isFile() || stat.size > 0) return;
    writeAll(file, content, options.durable ?? false);
  } finally {
    closeSync(file);
  }
  if (options.durable) syncFolder(path);
}

/** Neither through a link nor waiting for a pipe's reader. */
const APPEND =
  constants.O_WRONLY |
  constants.O_APPEND |
  constants.O_CREAT |
  (constants.O_NOFOLLOW ?? 0) |
  (constants.O_NONBLOCK ?? 0);

function createTemporary(path: string, content: string | Uint8Array, durable: boolean): string {
  const temporary = `${path}.${randomName()}.tmp`;
  writeNew(temporary, content, durable);
  return temporary;
}

function writeNew(path: string, content: string | Uint8Array, durable: boolean): void {
  // O_EXCL: never into a file or through a link that somebody laid there before.
  const file = openSync(path, 'wx', 0o600);
  try {
    writeAll(file, content, durable);
  } catch (error) {
    unlinkSync(path);
    throw Object.assign(error as Error, { path });
  } finally {
    closeSync(file);
  }
}

function writeAll(file: number, content: string | Uint8Array, durable: boolean): void {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
  if (durable) fsyncSync(file);
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
    const above = makeFolders(dirname(path));
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
  for (let folder = path; ; folder = dirname(folder)) {
    let owner: number;
    try {
      owner = statSync(folder).uid;
    } catch (error) {
      if (isMissing(error) && folder !== '/') continue;
      throw error;
    }
    if (owner === system.euid) return;
    const home = system.env['HOME'];
    if (home && path.startsWith(`${home}/`) && folder.length < home.length) throw noHome(home);
    throw new HelperError(
      'store-unreachable',
      `${folder} belongs to another user, nothing is written there`,
      {
        hint: 'run this as the owner of the home directory, or set HOME (sudo -H instead of sudo -E)',
      },
    );
  }
}

function noHome(home: string): HelperError {
  return new HelperError('store-unreachable', `the home directory ${home} does not exist`, {
    hint: 'create it as the owner of what is above it, or set HOME to one that exists',
  });
}
