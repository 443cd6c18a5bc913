import { inspect } from 'node:util';
import { expect, it } from 'vitest';
import { Secret } from '../../src/secret.ts';

it('shows in nothing but reveal()', () => {
  const secret = new Secret('canary');
  const shown = [
    `${secret}`,
    JSON.stringify({ secret }),
    inspect(secret),
    inspect({ secret }, { depth: 9, showHidden: true }),
  ];
  expect(shown.join()).not.toContain('canary');
  expect(secret.reveal()).toBe('canary');
});
