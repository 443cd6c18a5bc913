import { readSmallFile, textOf } from './read-file.ts';

/** What this start of this machine alone has (random(4)); '' where the system does not tell. */
export function bootId(): string {
  try {
    const id = readSmallFile('/proc/sys/kernel/random/boot_id');
    return id === null ? '' : textOf(id).trim();
  } catch {
    return '';
  }
}
