import { setTimeout as sleep } from 'node:timers/promises';

/** Passes bytes on no faster than the limit, so that a push lasts as long as a test wants. */
export function throttle(
  body: ReadableStream<Uint8Array>,
  bytesPerSecond: number,
): ReadableStream<Uint8Array> {
  const slow = new TransformStream<Uint8Array, Uint8Array>({
    async transform(chunk, controller) {
      await sleep((chunk.byteLength / bytesPerSecond) * 1000);
      controller.enqueue(chunk);
    },
  });
  return body.pipeThrough(slow);
}
