import { expect, it } from 'vitest';
import type { ProfileSettings } from '../../../src/config/settings.ts';
import { checkProfileSetting } from '../../../src/sources/profile-settings.ts';

const ID = 'Profile-00000000-1111-2222-3333-444444444444';
const ACCOUNT = '0123456789abcdef'.repeat(2);

/** Each with what it may be and what not, and how that is said. */
it.each<[keyof ProfileSettings, string[], string[], string]>([
  [
    'keyFile',
    ['/run/key', 'C:\\key', 'c:/key', '\\\\server\\share'],
    ['~/key', 'a:b/key', 'x/key', 'xc:/key'],
    'which is not an absolute path',
  ],
  ['tokenFile', ['/run/token'], ['token'], 'it is token, which is not an absolute path'],
  [
    'metadataUrl',
    ['http://169.254.169.254'],
    ['http://attacker.example'],
    'it is not the address of an instance metadata service',
  ],
  ['trustedProfile', [ID, 'builds'], ['\n'], 'it is no id, CRN or name of a trusted profile'],
  [
    'account',
    [ACCOUNT],
    [`${ACCOUNT}0`, `0${ACCOUNT}`, ACCOUNT.toUpperCase()],
    'it is not the id of an account',
  ],
])('%s is checked', async (key, good, bad, message) => {
  for (const value of good) await checkProfileSetting(key, value, 'it');
  // Words of a list, which the check of the file knows, are nobody's business here.
  await checkProfileSetting('credentialKind', 'any', 'it');
  await checkProfileSetting('computeIdentity', 'any', 'it');
  for (const value of bad) {
    await expect(checkProfileSetting(key, value, 'it')).rejects.toMatchObject({
      code: 'settings',
      message: expect.stringContaining(message),
      hint: expect.stringMatching(/^(write|set|find|take) /),
    });
  }
});
