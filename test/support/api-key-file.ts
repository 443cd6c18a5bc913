import { writeFileSync } from 'node:fs';
import { makeHome } from './test-home.ts';

/** The path of a file with this key, in a folder of its own that is gone when the test ends. */
export function keyFile(key: string): string {
  const path = `${makeHome().folder}/key`;
  writeFileSync(path, key, { mode: 0o600 });
  return path;
}
