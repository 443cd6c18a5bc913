import { expect, it } from 'vitest';
import { parseTrustedProfile } from '../../../src/iam/trusted-profile.ts';

it.each(['', '\n', 'a\u2028b', 'a\u2029', 'a\u202eb', 'a'.repeat(101)])('%j is no name of one', (text) => {
  expect(() => parseTrustedProfile(text, undefined, 'trustedProfile')).toThrow('trustedProfile is no id');
});
