import { accessSync, constants, statSync } from 'node:fs';
import { posix, win32 } from 'node:path';
import type { System } from './system.ts';

/**
 * The first executable file of this name on PATH, then in these folders; null for none. Relative folders
 * on PATH do not count: they are whatever the folder that docker was called in makes of them.
 */
export function findProgram(
  name: string,
  system: Pick<System, 'env' | 'platform'>,
  otherFolders: readonly string[] = [],
): string | null {
  const { join, isAbsolute, delimiter } = system.platform === 'win32' ? win32 : posix;
  const onPath = (system.env['PATH'] ?? system.env['Path'] ?? '').split(delimiter);
  const file = system.platform === 'win32' ? `${name}.exe` : name;
  const folders = [...onPath.filter((folder) => isAbsolute(folder)), ...otherFolders];
  return folders.map((folder) => join(folder, file)).find(isExecutable) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
