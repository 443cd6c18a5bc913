import { accessSync, constants, readdirSync, statSync } from 'node:fs';
import { createPrivateFileAnywhere, removeFile, removeOldFiles } from '../files.ts';
import { isMissing, readSmallFile, textOf } from '../read-file.ts';

/** Where the claims of one lock lie: `<folder>/<name>.claim.<number>`, among files of others. */
export interface ClaimPlace {
  folder: string;
  name: string;
}

export function claimPath(place: ClaimPlace, number: number): string {
  return `${place.folder}/${place.name}.claim.${number}`;
}

/** The highest claim's number, 0 if there is none. Throws raw file system errors, ENOENT if the folder is missing. */
export function highestClaim(place: ClaimPlace): number {
  return Math.max(0, ...listClaims(place));
}

/** The numbers of all claims there are, in no order. */
function listClaims({ folder, name }: ClaimPlace): number[] {
  const prefix = `${name}.claim.`;
  const names = readdirSync(folder).filter((other) => other.startsWith(prefix));
  const suffixes = names.map((other) => other.slice(prefix.length));
  return suffixes.filter((suffix) => /^[1-9]\d{0,14}$/.test(suffix)).map(Number);
}

/** The content; null if the file is gone, '' if it cannot be read. */
export function readClaimText(path: string): string | null {
  try {
    const bytes = readSmallFile(path);
    return bytes === null ? null : textOf(bytes);
  } catch {
    return '';
  }
}

/** Whether it is closed to us: another user's (root's, under sudo), or of a mode that somebody gave it. */
export function isForbidden(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return false;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'EACCES' || code === 'EPERM';
  }
}

/** When a claim was last written, milliseconds since 1970; null if it is gone. */
export function claimWrittenAt(path: string): number | null {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? null;
}

/**
 * Makes a claim and says whether it is ours: whatever the calls say, it is if it holds our text (NFS
 * may answer EEXIST to the one who succeeded, when it asks twice). The text must be unique.
 *
 * By link() it appears whole, so that others see at any moment whether its maker lives. File systems
 * without hard links answer EPERM, ENOTSUP, ENOSYS, EACCES …; then it is made by O_EXCL, just as
 * exclusive, and written afterwards. Others who read it in between cannot tell its maker and go by the
 * file's time: nobody gets in too early, but if we are killed exactly there, they wait for a claim's
 * whole life. A folder that cannot be written at all answers the O_EXCL in the same way, and that
 * error is thrown.
 */
export function createClaim(path: string, text: string): boolean {
  try {
    createPrivateFileAnywhere(path, text);
  } catch (error) {
    // ENOENT: we stood still for so long that our temporary file was cleared away as a leftover.
    if (!isMissing(error)) throw error;
  }
  return readClaimText(path) === text;
}

/** Removes the claims below `number`: only for its holder. What cannot be removed stays for the next one. */
export function removeClaimsBelow(place: ClaimPlace, number: number): void {
  for (const earlier of listClaims(place).filter((other) => other < number)) {
    try {
      removeFile(claimPath(place, earlier));
    } catch {
      // Another user's, or on a file system that has become read-only.
    }
  }
}

/** Far beyond the life of a claim: its lock may be one that nobody will ever ask for again. */
const FORGOTTEN_MS = 24 * 60 * 60 * 1000;

/**
 * Removes the claims of a folder, of whatever lock, that were written more than a day ago: a session
 * that is over leaves its last one. Their owners are long dead or overdue, and a lock that is still in
 * use begins again at 1, which isNextAfter() in claim-lock.ts is made for.
 */
export function removeForgotten(folder: string, now: number): void {
  removeOldFiles(folder, (name) => /^[0-9a-f]+\.claim\./.test(name), now - FORGOTTEN_MS);
}
