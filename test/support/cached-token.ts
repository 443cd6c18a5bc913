import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { importSealingKey, KEY_BYTES, seal, unseal } from '../../src/sealing.ts';
import type { Home } from './home.ts';

/** As if the one cached token had come at another time, milliseconds since 1970: nobody has to wait for its age. */
export async function receiveCachedToken({ cacheFolder }: Home, receivedAt: number): Promise<void> {
  const [file = ''] = readdirSync(cacheFolder).filter((name) => name.endsWith('.token'));
  const name = file.replace(/\.token$/, '');
  const path = join(cacheFolder, file);
  const raw = new Uint8Array(readFileSync(join(cacheFolder, 'key')));
  const key = await importSealingKey(raw.slice(0, KEY_BYTES));
  const tokens = JSON.parse((await unseal(key, name, new Uint8Array(readFileSync(path)))) ?? '');
  writeFileSync(path, await seal(key, name, JSON.stringify({ ...tokens, receivedAt })));
}
