import type { Paths } from '../config/paths.ts';
import { makePrivateFolder } from '../files.ts';
import { sha256 } from '../hash.ts';
import { removeForgotten } from '../lock/claim-files.ts';
import { createClaimLock } from '../lock/claim-lock.ts';
import type { Lock } from '../lock/lock.ts';
import type { System } from '../system.ts';

/** Held while records and secrets are changed together. */
export function openStoreLock({ dataFolder }: Paths, system: System): Lock {
  makePrivateFolder(dataFolder, system);
  removeForgotten(sessionLocks(dataFolder), system.now());
  return createClaimLock({ folder: dataFolder, name: 'stores', system });
}

/**
 * Held while a session is renewed: in the data folder, because caches may be several. `session` tells
 * it from others and may hold secrets.
 */
export async function openSessionLock(
  session: string,
  { dataFolder }: Paths,
  system: System,
): Promise<Lock | null> {
  try {
    // 128 bits: enough that no two are the same.
    const id = sha256(session).slice(0, 32);
    const folder = sessionLocks(dataFolder);
    makePrivateFolder(folder, system);
    removeForgotten(folder, system.now());
    return createClaimLock({ folder, name: id, system });
  } catch {
    return null;
  }
}

function sessionLocks(dataFolder: string): string {
  return `${dataFolder}/locks`;
}
