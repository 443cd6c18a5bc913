import { HelperError } from './errors.ts';
import { isPrivateFolder, readSmallFile } from './read-file.ts';
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
