import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Home, makeHomeIn } from './home.ts';

/** A home for the test that runs, gone when it ends. */
export function makeHome(env: Record<string, string> = {}): Home {
  const folder = mkdtempSync(join(tmpdir(), 'icr-home-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return makeHomeIn(folder, env);
}
