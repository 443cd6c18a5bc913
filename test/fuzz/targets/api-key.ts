import { writeFileSync } from 'node:fs';
import { readApiKeyFile } from '../../../src/sources/api-key.ts';
import { testSystem } from '../../support/test-system.ts';
import { CANARY, must, orRefusal, type Target } from '../target.ts';

/** A file with an API key, plain or in IBM's JSON. */
export function apiKey(folder: string): Target {
  const path = `${folder}/apikey.json`;
  const system = testSystem();
  // Others must not be able to read it.
  writeFileSync(path, '', { mode: 0o600 });
  return {
    files: ['sources/api-key.ts'],
    isJson: true,
    seeds: [`{"name":"n","apikey":"${CANARY}"}`, `${CANARY}\n`, '{{KEY}}', '"key"', '{"apikey":1}', ''],
    words: ['apikey', '{', '}', '"'],
    check: (input) => {
      writeFileSync(path, input);
      const key = orRefusal(() => readApiKeyFile(path, 'ICR_API_KEY_FILE', system), input);
      must(key === null || /^[!-~]{1,512}$/.test(key), 'not an API key');
    },
  };
}
