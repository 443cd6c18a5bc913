import { read } from 'node:fs';
import type { ReadNext } from './stdin.ts';

const BUFFER_BYTES = 64 * 1024;
const PAUSE_MS = 5;

/** The plain read(2) in a thread: loads little, and Bun ends without waiting for it. */
export function readByThread(file: number, idleMs: number): ReadNext {
  return () => {
    const buffer = new Uint8Array(BUFFER_BYTES);
    return new Promise((resolve) => {
      let late = false;
      const timer = setTimeout(() => {
        late = true;
        resolve(null);
      }, idleMs);
      const attempt = () => {
        // Whoever gave up does not take what comes later from the next reader.
        if (late) return;
        read(file, buffer, 0, buffer.length, null, (error, count) => {
          // Somebody made the pipe non-blocking: nothing there yet.
          if (error?.code === 'EAGAIN') return void setTimeout(attempt, PAUSE_MS);
          clearTimeout(timer);
          // A closed stdin (EBADF) and the end of a Windows pipe (EOF) are an empty input.
          resolve(error ? buffer.subarray(0, 0) : buffer.subarray(0, count));
        });
      };
      attempt();
    });
  };
}
