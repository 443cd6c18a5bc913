import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Home, makeHomeIn } from './home.ts';

/** A home for the test that runs, gone when it ends. */
export function makeHome(env: Record<string, string> = {}): Home {
  const home = makeHomeIn(mkdtempSync(join(tmpdir(), 'icr-home-')), env);
  onTestFinished(home.remove);
  return home;
}
