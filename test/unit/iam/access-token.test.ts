import { expect, it } from 'vitest';
import { decodeAccessToken } from '../../../src/iam/access-token.ts';

const tokenOf = (claims: object) => `h.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.s`;

it.each([{}, { iam_id: '', exp: 1 }, { iam_id: 1, exp: 1 }, { iam_id: 'IBMid-1' }])(
  '%j are no claims of IAM',
  (claims) => {
    expect(decodeAccessToken(tokenOf(claims))).toBeNull();
  },
);

it('names whose it is, by the IAM id if there is nothing better', () => {
  expect(decodeAccessToken(tokenOf({ iam_id: 'IBMid-1', exp: 1, email: '' }))?.name).toBe('IBMid-1');
});
