// The environment of everything that the demonstration starts: nothing of the user's own home,
// variables or credentials gets in.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { searchPath } from './place.mjs';

/** How to write on the terminal, and what Windows cannot start a program without. */
const KEPT = ['NO_COLOR', 'TERM', 'LANG', 'LC_ALL', 'SystemRoot', 'ComSpec', 'PATHEXT'];

/**
 * @param {{ folder: string, startedAt: number, place: import('./place.mjs').Place }} demo
 * @returns {Record<string, string>}
 */
export function environmentFor({ folder, startedAt, place }) {
  const home = join(folder, 'home');
  mkdirSync(home, { mode: 0o700 });
  const kept = KEPT.map((name) => [name, process.env[name]]).filter(([, value]) => value !== undefined);
  return {
    ...Object.fromEntries(kept),
    PATH: searchPath(),
    HOME: home,
    USERPROFILE: home,
    TMPDIR: folder,
    TEMP: folder,
    TMP: folder,
    // Bun would keep what it has compiled in that home, among the files that the steps look at.
    BUN_RUNTIME_TRANSPILER_CACHE_PATH: '0',
    ICR_DEMO_FOLDER: folder,
    ICR_DEMO_STARTED_AT: String(startedAt),
    ICR_DEMO_CLIENTS: place.clients.join(','),
    ICR_DEMO_REASON: place.reason,
  };
}
