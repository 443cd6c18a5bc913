import type { Paths } from '../config/paths.ts';
import type { System } from '../system.ts';
import { createKeychain } from './keychain.ts';
import { withLargeSecrets } from './large-secrets.ts';
import type { BackendOptions, SecretStore } from './secret-store.ts';

/** The keychain of a home; loaded when a secret itself is needed, and without what writes files. */
export function openKeychain({ dataFolder }: Paths, system: System): SecretStore {
  const openBackend = async (options: BackendOptions) => {
    if (process.versions['bun']) return (await import('./keychain-bun.ts')).openKeychainBackend(options);
    return (await import('./keychain-node.ts')).openKeychainBackend();
  };
  return withLargeSecrets(createKeychain({ system, openBackend }), async () => {
    const { openFileSecrets } = await import('./file-secrets.ts');
    return openFileSecrets(dataFolder, system);
  });
}
