import { writeFileSync } from 'node:fs';
import { createFileSecrets } from '../sealed.ts';
import { must, type Target } from '../target.ts';

/** Sealed files of the cache and of the file store: one flipped bit is a miss, and never an error. */
export async function sealedEntry(folder: string): Promise<Target> {
  const { secrets, key, path, content, sealed } = await createFileSecrets(folder);
  const whole = toText(sealed);
  return {
    files: ['sealing.ts'],
    seeds: [whole, '', '\x01', whole.slice(0, 13), whole.slice(0, 14), `${whole}\0`, ...flips(sealed)],
    check: async (input) => {
      writeFileSync(path, toBytes(input));
      const read = await secrets.read('entry', key);
      // Letters beyond a byte may come out as the same bytes.
      const isWhole = toText(toBytes(input)) === whole;
      must(read === (isWhole ? content : null), isWhole ? 'does not open' : 'opens though it was changed');
    },
  };
}

/** Every single bit, once. */
function flips(bytes: Uint8Array): string[] {
  return Array.from({ length: bytes.length * 8 }, (_, bit) => {
    const changed = Uint8Array.from(bytes);
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    return toText(changed);
  });
}

function toText(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

function toBytes(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}
