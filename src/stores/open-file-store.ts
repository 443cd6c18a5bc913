import type { Paths } from '../config/paths.ts';
import type { System } from '../system.ts';
import { openFileSecrets } from './file-secrets.ts';
import { createFileStore } from './file-store.ts';
import type { SecretStore } from './secret-store.ts';

/** The file store of a home; loaded when a secret itself is needed. */
export function openFileStore({ dataFolder, stateFolder }: Paths, system: System): SecretStore {
  return createFileStore({ files: openFileSecrets(dataFolder, system), stateFolder, system });
}
