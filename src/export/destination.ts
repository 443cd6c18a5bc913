import { lstatSync, type Stats } from 'node:fs';
import { dirname } from 'node:path';
import { HelperError } from '../errors.ts';
import { createPrivateFileAnywhere, writePrivateFile } from '../files.ts';
import { isMissing, readSmallFile, textOf } from '../read-file.ts';

export interface ExportedText {
  text: string;
  /** What differs from one export to the next; null where nothing tells an export from another file. */
  varies: RegExp | null;
}

/**
 * Writes an export into a 0600 file, as a whole. A file that is there is replaced if it is an earlier
 * export of the same, or with `force`; a link or device never is.
 */
export function writeExport(path: string, exported: ExportedText, force: boolean): void {
  const stat = statOf(path);
  if (stat && !stat.isFile()) {
    throw new HelperError('bad-input', `${path} is not a plain file`, {
      hint: 'name another one, or - for standard output',
    });
  }
  if (stat && !force && !isEarlierExport(path, exported)) throw exists(path);
  if (stat) writePrivateFile(path, exported.text, { amongOthers: true });
  else if (!create(path, exported.text)) throw exists(path);
}

function statOf(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if (isMissing(error)) throw noFolder(path);
    throw error;
  }
}

function create(path: string, text: string): boolean {
  try {
    return createPrivateFileAnywhere(path, text);
  } catch (error) {
    if (isMissing(error)) throw noFolder(path);
    throw error;
  }
}

function isEarlierExport(path: string, { text, varies }: ExportedText): boolean {
  if (varies === null) return false;
  const content = readSmallFile(path);
  return content !== null && textOf(content).replace(varies, '') === text.replace(varies, '');
}

function noFolder(path: string): HelperError {
  return new HelperError('bad-input', `there is no folder ${dirname(path)}`, { hint: 'make it first' });
}

function exists(path: string): HelperError {
  return new HelperError('bad-input', `${path} is there already, and is not an earlier export of the same`, {
    hint: 'name another file, or add --force to replace it as a whole',
  });
}
