import { expect, it } from 'vitest';
import type { ProfileSettings } from '../../../src/config/settings.ts';
import { checkProfileSetting } from '../../../src/sources/profile-settings.ts';

const ID = 'Profile-00000000-1111-2222-3333-444444444444';
const ACCOUNT = '0123456789abcdef'.repeat(2);

it.each<[keyof ProfileSettings, string]>([
  ['keyFile', '/run/key'],
  ['keyFile', 'C:\\key'],
  ['keyFile', 'c:/key'],
  ['tokenFile', '\\\\server\\share'],
  ['metadataUrl', 'http://169.254.169.254'],
  ['trustedProfile', ID],
  ['account', ACCOUNT],
  ['credentialKind', 'iambearer'],
  ['computeIdentity', 'vpc'],
])('%s may be %s', async (key, value) => {
  await expect(checkProfileSetting(key, value, 'it')).resolves.toBeUndefined();
});

it.each<[keyof ProfileSettings, string, string]>([
  ['keyFile', '~/key', 'it is ~/key, which is not an absolute path'],
  ['keyFile', 'a:b/key', 'it is a:b/key, which is not an absolute path'],
  ['tokenFile', 'x/key', 'it is x/key, which is not an absolute path'],
  ['tokenFile', 'xc:/key', 'it is xc:/key, which is not an absolute path'],
  ['metadataUrl', 'http://attacker.example', 'it is not the address of an instance metadata service'],
  ['trustedProfile', '\n', 'it is no id, CRN or name of a trusted profile'],
  ['account', `${ACCOUNT}0`, 'it is not the id of an account'],
  ['account', `0${ACCOUNT}`, 'it is not the id of an account'],
  ['account', ACCOUNT.toUpperCase(), 'it is not the id of an account'],
])('%s may not be %j', async (key, value, message) => {
  await expect(checkProfileSetting(key, value, 'it')).rejects.toMatchObject({
    code: 'settings',
    message,
    hint: expect.stringMatching(/^(write|set|find|take) /),
  });
});
