import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openFileSecrets } from '../../src/stores/file-secrets.ts';
import { createFileStore } from '../../src/stores/file-store.ts';
import { createKeychain } from '../../src/stores/keychain.ts';
import { readOrMakeKeychainKey } from '../../src/stores/keychain-key.ts';
import { withLargeSecrets } from '../../src/stores/large-secrets.ts';
import { createMemoryBackend } from '../support/memory-backend.ts';
import { makeHome } from '../support/test-home.ts';
import { testSystem } from '../support/test-system.ts';
import { describeSecretStore } from './secret-store-contract.ts';

/** A bus that is there, as far as anybody looks before libsecret is asked. */
const BUS = { DBUS_SESSION_BUS_ADDRESS: 'unix:abstract=test' };

function openKeychain(backend = createMemoryBackend()) {
  const system = testSystem({ env: BUS });
  const keychain = createKeychain({ system, openBackend: async () => backend });
  const files = openFileSecrets(makeHome().dataFolder, system);
  return withLargeSecrets(keychain, async () => files);
}

function openFileStore(env: Record<string, string>, home = makeHome()) {
  const system = testSystem({ env });
  const stateFolder = join(home.folder, '.local/state/docker-credential-icr');
  return createFileStore({ files: openFileSecrets(home.dataFolder, system), stateFolder, system });
}

describeSecretStore('a keychain with the limits of Windows', () => openKeychain());
describeSecretStore('sealed files, key in a file of its own', () => openFileStore({}));
describeSecretStore('sealed files, passphrase', () =>
  openFileStore({ ICR_STORE_PASSPHRASE: 'horse battery' }),
);

describe('sealed files', () => {
  it('do not open with another passphrase, and say so', async () => {
    const home = makeHome();
    const name = 'a'.repeat(32);
    await openFileStore({ ICR_STORE_PASSPHRASE: 'one' }, home).set(name, 'value');
    await expect(openFileStore({ ICR_STORE_PASSPHRASE: 'two' }, home).get(name)).rejects.toMatchObject({
      code: 'store-damaged',
    });
    await expect(openFileStore({}, home).get(name)).rejects.toMatchObject({ code: 'store-damaged' });
  });

  it.each(['/nonexistent/key', '/'])('refuse the key file %s', async (file) => {
    await expect(openFileStore({ ICR_STORE_KEY_FILE: file }).set('b'.repeat(32), 'v')).rejects.toMatchObject({
      code: 'bad-input',
    });
  });

  it('take no path for a name', async () => {
    await expect(openFileStore({}).set('../../escape', 'v')).rejects.toThrow('not the name of a secret');
  });
});

describe('a keychain that never answers', () => {
  it('is given up', async () => {
    const never = { ...createMemoryBackend(), get: () => new Promise<null>(() => {}) };
    await expect(openKeychain(never).get('c'.repeat(32))).rejects.toMatchObject({
      code: 'store-unreachable',
    });
  });
});

describe('a key in the keychain', () => {
  it('is made once, and made anew when damaged', async () => {
    const backend = createMemoryBackend();
    const keychain = openKeychain(backend);
    const key = await readOrMakeKeychainKey('cache-key', 64, keychain);
    expect(key).toHaveLength(64);
    expect(await readOrMakeKeychainKey('cache-key', 64, keychain)).toEqual(key);
    backend.entries.set('cache-key', 'damaged');
    expect(await readOrMakeKeychainKey('cache-key', 64, keychain)).not.toEqual(key);
  });
});
