import { accessSync, constants, statSync } from 'node:fs';
import { posix, win32 } from 'node:path';
import type { System } from './system.ts';

/** The first executable file of this name on PATH, or null. Relative folders do not count. */
export function findOnPath(name: string, system: Pick<System, 'env' | 'platform'>): string | null {
  const { join, isAbsolute, delimiter } = system.platform === 'win32' ? win32 : posix;
  const folders = (system.env['PATH'] ?? system.env['Path'] ?? '').split(delimiter);
  const file = system.platform === 'win32' ? `${name}.exe` : name;
  const places = folders.filter((folder) => isAbsolute(folder)).map((folder) => join(folder, file));
  return places.find(isExecutable) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
