import {
  accessSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  openSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmdirSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { HelperError } from '../errors.ts';
import { makePrivateFolder, removeFile, removeLeftovers } from '../files.ts';
import { randomName } from '../random-name.ts';
import { isMissing, readSmallFile } from '../read-file.ts';
import type { System } from '../system.ts';
import type { FileText } from './helper-entries.ts';

/** The text of a client's file, byte for byte; null if there is none. */
export function readText(path: string): FileText {
  const bytes = readSmallFile(path);
  if (bytes === null) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new HelperError('bad-input', `${path} is not text in UTF-8`, {
      hint: 'save it in UTF-8: clients cannot read it either',
    });
  }
}

/** The file behind symbolic links, also where the last one leads to nothing yet. */
export function targetOf(path: string): string {
  let target = path;
  for (let links = 0; links < 40; links++) {
    try {
      return realpathSync(target);
    } catch (error) {
      if (!isMissing(error)) throw error;
      if (!lstatSync(target, { throwIfNoEntry: false })?.isSymbolicLink()) return target;
      target = resolve(dirname(target), readlinkSync(target));
    }
  }
  throw new HelperError('bad-input', `${path} is a symbolic link that leads nowhere`, {
    hint: 'remove the link, or make it lead to a file',
  });
}

/** Fails where writeText would: nothing must be written if one of several files cannot be. */
export function checkWritable(target: string, system: System): void {
  const stat = statSync(target, { throwIfNoEntry: false });
  if (stat && !stat.isFile()) {
    throw new HelperError('bad-input', `${target} is not a file`, { hint: 'move it away' });
  }
  if (stat) refuseForeign(target, stat, system);
  const { folder, stat: folderStat } = nearestFolder(dirname(target));
  // A folder of root's is fine for a file (/tmp), but not for a new folder: that may be a home.
  const mayBeForeign = stat || (folderStat.uid === 0 && folder === dirname(target));
  if (!mayBeForeign) refuseForeign(folder, folderStat, system);
  try {
    accessSync(folder, constants.W_OK);
  } catch (error) {
    throw new HelperError('store-unreachable', `${folder} cannot be written to`, {
      hint: 'change its permissions, or choose another place with DOCKER_CONFIG or REGISTRY_AUTH_FILE',
      cause: error,
    });
  }
}

function refuseForeign(path: string, { uid }: Stats, system: System): void {
  if (system.platform === 'win32' || uid === system.euid) return;
  throw new HelperError('store-unreachable', `${path} belongs to another user, nothing is changed`, {
    hint: 'run this as its owner, or set HOME (sudo -H instead of sudo -E)',
  });
}

/** The folder, or what exists of the way to it; a drive of Windows may not be there at all. */
function nearestFolder(path: string): { folder: string; stat: Stats } {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat) return { folder: path, stat };
  const above = dirname(path);
  if (above !== path) return nearestFolder(above);
  throw new HelperError('bad-input', `there is no ${path}`, {
    hint: 'choose another place with DOCKER_CONFIG or REGISTRY_AUTH_FILE',
  });
}

/** Whether a file could be made or changed there. */
export function isWritable(path: string, system: System): boolean {
  try {
    checkWritable(targetOf(path), system);
    return true;
  } catch {
    return false;
  }
}

/** Replaces or makes the file as a whole, with the mode and group that it has. */
export function writeText(target: string, text: string, system: System): void {
  const old = statSync(target, { throwIfNoEntry: false });
  const folder = dirname(target);
  if (!statSync(folder, { throwIfNoEntry: false })) makePrivateFolder(folder, system);
  const temporary = `${target}.${randomName()}.tmp`;
  // Nobody else can open it before it has the mode it is to have.
  const file = openSync(temporary, 'wx', 0o600);
  try {
    try {
      writeFileSync(file, text);
      if (old) takeOver(file, old, system);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, target);
  } catch (error) {
    removeFile(temporary);
    throw error;
  }
  // Of a run that was killed: a copy of what may hold passwords.
  removeLeftovers(target, folder, `${basename(target)}.`);
}

function takeOver(file: number, { mode, gid }: Stats, system: System): void {
  if (system.platform === 'win32') return;
  const permissions = mode & 0o777;
  // A group that we are not in: what it could read must not become another group's.
  const keepsGroup = fstatSync(file).gid === gid || tryGroup(file, system.euid, gid);
  fchmodSync(file, keepsGroup ? permissions : permissions & 0o707);
}

function tryGroup(file: number, uid: number, gid: number): boolean {
  try {
    fchownSync(file, uid, gid);
    return true;
  } catch {
    return false;
  }
}

/** Removes the file, and the folder too if it is the usual one and holds nothing else. */
export function removeText(target: string, withFolder: boolean): void {
  removeFile(target);
  if (!withFolder) return;
  try {
    rmdirSync(dirname(target));
  } catch {
    // Something else lies there.
  }
}
