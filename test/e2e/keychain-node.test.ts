import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { openFileSecrets } from '../../src/stores/file-secrets.ts';
import { createKeychain } from '../../src/stores/keychain.ts';
import { openKeychainBackend } from '../../src/stores/keychain-node.ts';
import { withLargeSecrets } from '../../src/stores/large-secrets.ts';
import { describeSecretStore } from '../contract/secret-store-contract.ts';
import { type Keyring, startKeyring } from '../support/keyring.ts';
import { makeHome } from '../support/test-home.ts';
import { testSystem } from '../support/test-system.ts';

/** The Node flavour's way to the same keyring. */
let folder: string;
let keyring: Keyring;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'icr-keyring-'));
  keyring = await startKeyring({ folder });
  process.env['DBUS_SESSION_BUS_ADDRESS'] = keyring.address;
});
afterAll(async () => {
  await keyring?.stop();
  rmSync(folder, { recursive: true, force: true });
});

describeSecretStore('GNOME’s keyring through the addon', () => {
  const system = testSystem({ env: { DBUS_SESSION_BUS_ADDRESS: keyring.address } });
  const keychain = createKeychain({ system, openBackend: async () => openKeychainBackend() });
  const files = openFileSecrets(makeHome().dataFolder, system);
  return withLargeSecrets(keychain, async () => files);
});
