import { expect, it } from 'vitest';
import { requireServiceId } from '../../../src/sources/key-login.ts';

const tokensOf = (iam_id: string) => {
  const claims = { iam_id, name: 'builds', exp: 1 };
  const accessToken = `h.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.s`;
  return { accessToken, receivedAt: 0, expiresIn: 3600 };
};

it.each([
  ['a service ID', tokensOf('iam-ServiceId-1')],
  ['a trusted profile', tokensOf('iam-Profile-1')],
  ['nobody knows whom', { accessToken: 'opaque', receivedAt: 0, expiresIn: 3600 }],
])('the id of a trusted profile may go with the key of %s', (_, tokens) => {
  expect(() => requireServiceId(tokens, 'Profile-1')).not.toThrow();
});

it('but not with that of a user, whose name is said', () => {
  expect(() => requireServiceId(tokensOf('IBMid-1'), 'Profile-1')).toThrow(
    expect.objectContaining({
      code: 'bad-input',
      message:
        'ICR takes the user name Profile-1 with the API key of a service ID only, and this is the key of builds, a user',
      hint: expect.stringContaining('iambearer'),
    }),
  );
});
