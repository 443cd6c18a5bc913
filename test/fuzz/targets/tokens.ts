import { isFresh, isUsable, parseTokens } from '../../../src/tokens.ts';
import { must, mustEqual, type Target } from '../target.ts';

const NOW = 1_800_000_000_000;

/** What lies sealed in the cache, and beside API keys. */
export function tokens(): Target {
  return {
    files: ['tokens.ts'],
    isJson: true,
    seeds: [
      `{"accessToken":"t","receivedAt":${NOW},"expiresIn":3600}`,
      `{"accessToken":"t","refreshToken":"r","receivedAt":${NOW - 3_000_000},"expiresIn":900}`,
      'null',
    ],
    words: ['accessToken', 'refreshToken', 'receivedAt', 'expiresIn', '1e400'],
    check: (input) => {
      const read = parseTokens(input);
      if (read === null) return;
      must(typeof read.accessToken === 'string', 'the access token is no text');
      must(['string', 'undefined'].includes(typeof read.refreshToken), 'the refresh token is no text');
      must(!(isFresh(read, NOW) && isUsable(read, NOW) && read.receivedAt > NOW), 'from the future');
      mustEqual(parseTokens(JSON.stringify(read)), read, 'kept and read again');
    },
  };
}
