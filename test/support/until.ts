import { pause } from './pause.ts';

/** Far more than the slowest machine takes: what is waited for comes, or never does. */
const LIMIT_MS = 120_000;

/** Waits for what another process does; throws in the end, with the words for what did not come. */
export async function until(what: string, isThere: () => Promise<boolean> | boolean): Promise<void> {
  const end = performance.now() + LIMIT_MS;
  while (!(await isThere())) {
    if (performance.now() > end) throw new Error(`in vain for two minutes: ${what}`);
    await pause(10);
  }
}
