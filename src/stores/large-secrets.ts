import { KEY_BYTES } from '../sealing.ts';
import type { FileSecrets } from './file-secrets.ts';
import type { SecretStore } from './secret-store.ts';

/** Windows Credential Manager holds 1280 UTF-16 characters; a little room for what it adds. */
const LIMIT = 1200;
const MARK = 'sealed:';

/**
 * Adds to a keychain: a secret longer than 1,200 characters goes into a sealed file, and only the
 * key of that file into the keychain. The same on all systems, so that it is tried on all.
 */
export function withLargeSecrets(keychain: SecretStore, openFiles: () => Promise<FileSecrets>): SecretStore {
  return {
    kind: keychain.kind,
    get: async (name) => {
      const value = await keychain.get(name);
      if (!value?.startsWith(MARK)) return value;
      return (await openFiles()).read(name, decodeKey(value));
    },
    set: async (name, value) => {
      const files = await openFiles();
      if (value.length <= LIMIT) {
        await keychain.set(name, value);
        files.remove(name);
        return;
      }
      // The key stays when the content changes: then one rename is the whole change.
      const known = await keychain.get(name);
      const key = known?.startsWith(MARK)
        ? decodeKey(known)
        : crypto.getRandomValues(new Uint8Array(KEY_BYTES));
      await files.write(name, value, key);
      if (!known?.startsWith(MARK))
        await keychain.set(name, `${MARK}${Buffer.from(key).toString('base64url')}`);
    },
    delete: async (name) => {
      await keychain.delete(name);
      (await openFiles()).remove(name);
    },
  };
}

function decodeKey(value: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(value.slice(MARK.length), 'base64url'));
}
