import { readFileSync } from 'node:fs';
import { KEY_BYTES } from '../../src/sealing.ts';
import { openFileSecrets } from '../../src/stores/file-secrets.ts';
import { testSystem } from '../support/test-system.ts';

const CONTENT = '{"accessToken":"t","receivedAt":1,"expiresIn":3600}';

/** A sealed file, and what opens it. */
export async function createFileSecrets(folder: string) {
  const secrets = openFileSecrets(folder, testSystem());
  const key = new Uint8Array(KEY_BYTES).fill(7);
  await secrets.write('entry', CONTENT, key);
  const path = `${folder}/secrets/entry`;
  return { secrets, key, path, content: CONTENT, sealed: new Uint8Array(readFileSync(path)) };
}
