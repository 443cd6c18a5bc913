import { parseServerURL } from '../../../src/protocol/wire.ts';
import { isOneLine, must, orRefusal, type Target } from '../target.ts';

/** What `get` and `erase` read. */
export function serverUrl(): Target {
  return {
    files: ['protocol/wire.ts'],
    seeds: ['us.icr.io', 'us.icr.io\n', 'us.icr.io\r\n', 'https://index.docker.io/v1/', 'a'.repeat(2049), ''],
    check: (input) => {
      const serverURL = orRefusal(() => parseServerURL(input));
      if (serverURL === null) return;
      must([serverURL, `${serverURL}\n`, `${serverURL}\r\n`].includes(input), 'the text was changed');
      must(isOneLine(serverURL) && serverURL.trim() !== '', 'not a line of text');
    },
  };
}
