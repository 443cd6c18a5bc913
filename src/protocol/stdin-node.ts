import { stdin } from 'node:process';
import type { ReadNext } from './stdin.ts';

/**
 * Standard input as a stream: pipes are made non-blocking. A read(2) that waits in a thread would be
 * waited for when Node ends, whatever calls for the end.
 */
export function openStream(): ReadNext {
  const chunks = stdin[Symbol.asyncIterator]();
  return async () => {
    try {
      const { value, done } = await chunks.next();
      return done ? new Uint8Array() : value;
    } catch {
      return new Uint8Array();
    }
  };
}
