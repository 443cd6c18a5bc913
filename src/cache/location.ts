import { findPaths } from '../config/paths.ts';
import { findRuntimeFolder } from '../config/runtime-folder.ts';
import { isPrivateFolder } from '../read-file.ts';
import type { System } from '../system.ts';

/** Where sealed tokens and the key that opens them lie. */
export interface CacheLocation {
  folder: string;
  /** Null for the keychain: Windows has no modes to keep others out of a file with. */
  key: { folder: string; path: string } | null;
}

/**
 * In RAM where the system has a runtime folder for the user: key and cache are gone at logout.
 * Elsewhere key and cache lie in two folders, so that a copy of one of them (a backup, a shared
 * cache) opens nothing; against who reads all our files they are worth no more than file permissions.
 */
export function locateCache(system: System): CacheLocation {
  const runtime = findRuntimeFolder(system);
  if (runtime !== null) {
    const folder = `${runtime}/docker-credential-icr`;
    return { folder, key: { folder, path: `${folder}/key` } };
  }
  const { cacheFolder, stateFolder } = findPaths(system);
  if (system.platform === 'win32') return { folder: cacheFolder, key: null };
  const keyFolder = macTemporaryFolder(system) ?? stateFolder;
  return { folder: cacheFolder, key: { folder: keyFolder, path: `${keyFolder}/cache-key` } };
}

/** macOS gives every user a 0700 temporary folder that is emptied at boot. */
function macTemporaryFolder(system: System): string | null {
  const folder = system.env['TMPDIR']?.replace(/\/$/, '');
  if (system.platform !== 'darwin' || !folder?.startsWith('/') || !isPrivateFolder(folder, system))
    return null;
  return `${folder}/docker-credential-icr`;
}
