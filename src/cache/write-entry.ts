import { makePrivateFolder, removeOldFiles, writePrivateFile } from '../files.ts';
import { type SealingKey, seal } from '../sealing.ts';
import type { System } from '../system.ts';
import type { Tokens } from '../tokens.ts';

/** No token lives for so long: what is older was left behind by a key that is gone. */
const STALE_MS = 24 * 60 * 60 * 1000;

export interface Entry {
  folder: string;
  file: string;
  /** Sealed with the content. */
  name: string;
  key: SealingKey;
}

/** Keeps tokens for the next `get`. */
export async function writeEntry(entry: Entry, tokens: Tokens, system: System): Promise<void> {
  makePrivateFolder(entry.folder, system);
  // Never a refresh token: it opens an account for days, and would outlive a logout here.
  const { refreshToken: _, ...rest } = tokens;
  writePrivateFile(entry.file, await seal(entry.key, entry.name, JSON.stringify(rest)));
  // Entries and claims of credentials that are gone.
  removeOldFiles(entry.folder, (name) => /^[0-9a-f]{32}\./.test(name), system.now() - STALE_MS);
}
