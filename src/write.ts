import { io } from './io.ts';
import { standStill } from './stand-still.ts';

/** For a reader to make room; a pipe that is not full is never waited for. */
const PAUSE_MS = 5;

/** Not process.stdout, which costs 8 ms; a full pipe of a slow reader is tried again. */
export function write(stream: 1 | 2, text: string): void {
  const bytes = new TextEncoder().encode(text);
  for (let done = 0; done < bytes.length; ) {
    try {
      done += io.write(stream, bytes.subarray(done));
    } catch (error) {
      // Whoever started us does not listen any more: nothing to say to anybody.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return;
      standStill(PAUSE_MS);
    }
  }
}
