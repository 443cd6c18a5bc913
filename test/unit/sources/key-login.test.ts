import { expect, it } from 'vitest';
import { requireServiceId } from '../../../src/sources/key-login.ts';
import { unsignedToken } from '../../support/unsigned-token.ts';

const tokensOf = (iam_id: string) => {
  const accessToken = unsignedToken({ iam_id, name: 'builds', exp: 1 });
  return { accessToken, receivedAt: 0, expiresIn: 3600 };
};

it('the id of a trusted profile goes with any key but that of a user, whose name is said', () => {
  requireServiceId(tokensOf('iam-ServiceId-1'), 'Profile-1');
  requireServiceId(tokensOf('iam-Profile-1'), 'Profile-1');
  requireServiceId({ accessToken: 'opaque', receivedAt: 0, expiresIn: 3600 }, 'Profile-1');
  expect(() => requireServiceId(tokensOf('IBMid-1'), 'Profile-1')).toThrow(
    expect.objectContaining({
      code: 'bad-input',
      message:
        'ICR takes the user name Profile-1 with the API key of a service ID only, and this is the key of builds, a user',
      hint: expect.stringContaining('iambearer'),
    }),
  );
});
