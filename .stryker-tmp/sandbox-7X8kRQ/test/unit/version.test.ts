import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { NAME, VERSION } from '../../src/version.ts';

it('is the one of package.json', () => {
  const { name, version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  expect({ name: NAME, version: VERSION }).toEqual({ name, version });
});
