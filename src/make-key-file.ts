import { isHelperError } from './errors.ts';
import { makePrivateFolder, removeFile, settlePrivateFile } from './files.ts';
import { type KeyFile, readKeyFile } from './key-file.ts';
import type { System } from './system.ts';

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
