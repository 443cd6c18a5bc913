import { existsSync, rmdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { CacheLocation } from '../cache/location.ts';
import { findRuntimeFolder } from '../config/runtime-folder.ts';
import { explain } from '../explain.ts';
import { makePrivateFolder, removeFile, writePrivateFile } from '../files.ts';
import { readKeyFile } from '../key-file.ts';
import { randomName } from '../random-name.ts';
import { isPrivateFolder } from '../read-file.ts';
import { KEY_BYTES } from '../sealing.ts';
import type { System } from '../system.ts';
import { type Check, type Finding, ok, warning } from './check.ts';

/** Whether tokens can be kept: a file is written and removed for real. Without it `get` works, slowly. */
export const cache: Check = {
  name: 'cache',
  run: async ({ app }) => {
    const { system } = app.context;
    const location = app.cacheLocation();
    const problems = [...describeRuntimeFolder(system), ...tryOut(location, system)];
    return problems.length > 0 ? problems : [describe(location, system)];
  },
};

function describe({ folder }: CacheLocation, system: System): Finding {
  const onDisk = system.platform === 'linux' && findRuntimeFolder(system) === null;
  const detail =
    'there is no runtime folder (XDG_RUNTIME_DIR): tokens lie on the disk, and only file permissions protect them';
  return ok(`tokens are kept in ${folder}`, onDisk ? { detail } : {});
}

function describeRuntimeFolder(system: System): Finding[] {
  const named = system.env['XDG_RUNTIME_DIR'];
  if (system.platform !== 'linux' || !named || findRuntimeFolder(system) === named) return [];
  return [
    warning(`XDG_RUNTIME_DIR names ${named}, which is no folder of this user alone`, {
      hint: `run chmod 700 on it if it is yours, or unset the variable (sudo -E and su take it along)`,
    }),
  ];
}

function tryOut({ folder, key }: CacheLocation, system: System): Finding[] {
  const made = missingFolders(folder);
  try {
    makePrivateFolder(folder, system);
    if (!isPrivateFolder(folder, system)) return [describeOpen(folder)];
    const probe = `${folder}/doctor-${randomName()}`;
    writePrivateFile(probe, '');
    removeFile(probe);
    if (key) readKeyFile({ ...key, bytes: 2 * KEY_BYTES }, system);
    return [];
  } catch (error) {
    const { message, hint = 'make the folder writable for this user' } = explain(error);
    return [warning(`tokens cannot be kept, each get asks IAM: ${message}`, { hint })];
  } finally {
    for (const path of made) removeEmpty(path);
  }
}

function describeOpen(folder: string): Finding {
  return warning(`tokens cannot be kept, each get asks IAM: ${folder} is not a folder of this user alone`, {
    hint: `run chmod 700 ${folder}, or remove it`,
  });
}

/** The folder and those above it that are not there yet, the innermost first. */
function missingFolders(folder: string): string[] {
  if (existsSync(folder) || folder === dirname(folder)) return [];
  return [folder, ...missingFolders(dirname(folder))];
}

function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // Another process has begun to use it.
  }
}
