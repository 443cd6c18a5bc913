import { HelperError, isHelperError } from './errors.ts';
import { isPrivateFolder, makePrivateFolder, readSmallFile, removeFile, settlePrivateFile } from './files.ts';
import type { System } from './system.ts';

export interface KeyFile {
  /** Has to be ours and closed to others: whoever can lay a key there chooses our answers. */
  folder: string;
  path: string;
  bytes: number;
}

/**
 * The key, or null if there is none, or none yet. Throws for a folder open to others and for a damaged
 * file. Further keys behind it are those of others who made it at the same time (settlePrivateFile).
 */
export function readKeyFile(file: KeyFile, system: System): Uint8Array<ArrayBuffer> | null {
  const content = readSmallFile(file.path);
  if (content === null) return null;
  if (!isPrivateFolder(file.folder, system)) {
    throw new HelperError('store-unreachable', `${file.folder} is open to others, or another user's`, {
      hint: `run chmod 700 ${file.folder} as its owner`,
    });
  }
  if (content.length === 0) return null;
  if (content.length % file.bytes !== 0) {
    throw new HelperError('store-damaged', `${file.path} is not a key of ours`, {
      hint: 'bring it back from a backup, or remove it and log in again',
    });
  }
  return new Uint8Array(content.subarray(0, file.bytes));
}

/** The key, made if it is not there: of several processes one makes it and the others read that one's. */
export function readOrMakeKeyFile(file: KeyFile, system: System): Uint8Array<ArrayBuffer> {
  const found = readKeyFile(file, system);
  if (found) return found;
  makePrivateFolder(file.folder, system);
  const fresh = crypto.getRandomValues(new Uint8Array(file.bytes));
  // What is sealed with it is worth nothing without it, after a power cut too.
  settlePrivateFile(file.path, fresh, { durable: true });
  const settled = readKeyFile(file, system);
  if (settled) return settled;
  throw new Error(`${file.path} vanished while it was read`);
}

/** As above; a damaged file is replaced. For keys whose loss costs no more than a new start. */
export function readOrRemakeKeyFile(file: KeyFile, system: System): Uint8Array<ArrayBuffer> {
  try {
    return readOrMakeKeyFile(file, system);
  } catch (error) {
    if (!isHelperError(error, 'store-damaged')) throw error;
    removeFile(file.path);
    return readOrMakeKeyFile(file, system);
  }
}
