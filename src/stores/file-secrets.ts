import { makePrivateFolder, removeFile, removeTemporaries, writePrivateFile } from '../files.ts';
import { readSmallFile } from '../read-file.ts';
import { importSealingKey, seal, unseal } from '../sealing.ts';
import type { System } from '../system.ts';

type RawKey = Uint8Array<ArrayBuffer>;

/** Sealed files in the data folder, one for each secret; whose key it is, the caller knows. */
export interface FileSecrets {
  /** Null if there is no file, or the key does not open it. */
  read(name: string, key: RawKey): Promise<string | null>;
  /** What lies there, sealed; null if there is nothing. */
  load(name: string): Uint8Array | null;
  /** Null if the key does not open it. */
  open(name: string, sealed: Uint8Array, key: RawKey): Promise<string | null>;
  write(name: string, value: string, key: RawKey): Promise<void>;
  remove(name: string): void;
}

export function openFileSecrets(dataFolder: string, system: System): FileSecrets {
  const folder = `${dataFolder}/secrets`;
  const path = (name: string) => `${folder}/${checkName(name)}`;
  return {
    read: async (name, key) => {
      const sealed = readSmallFile(path(name));
      return sealed && unseal(await importSealingKey(key), name, sealed);
    },
    load: (name) => readSmallFile(path(name)),
    open: async (name, sealed, key) => unseal(await importSealingKey(key), name, sealed),
    write: async (name, value, key) => {
      makePrivateFolder(folder, system);
      const sealed = await seal(await importSealingKey(key), name, value);
      // A refresh token that IAM has replaced must not come back after a power cut.
      writePrivateFile(path(name), sealed, { durable: true });
    },
    remove: (name) => {
      removeFile(path(name), { durable: true });
      // A login that was killed may have left it half placed, whole or in part.
      removeTemporaries(folder, `${name}.`);
    },
  };
}

/** Names are our own ids: nothing from outside becomes part of a path. */
function checkName(name: string): string {
  if (/^[0-9a-z-]{1,32}(\.session)?$/.test(name)) return name;
  throw new Error('not the name of a secret');
}
