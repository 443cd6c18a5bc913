import { decodeAccessToken } from '../../../src/iam/access-token.ts';
import { must, type Target } from '../target.ts';

/** The claims of an access token: the input is the JSON, or a whole token. */
export function accessToken(): Target {
  return {
    files: ['iam/access-token.ts'],
    isJson: true,
    seeds: [
      '{"iam_id":"IBMid-1","exp":1800000000,"account":{"bss":"a"},"email":"anna@example.com"}',
      '{"iam_id":"iam-ServiceId-1","exp":1800000000,"account":null,"name":"","sub":"s"}',
      '{"iam_id":"x","exp":1e400}',
      'a.b.c',
      'null',
    ],
    words: ['iam_id', 'exp', 'account', 'bss', 'email', 'name', 'sub', '.'],
    check: (input) => {
      for (const token of [input, `h.${Buffer.from(input).toString('base64url')}.s`]) {
        const claims = decodeAccessToken(token);
        if (claims === null) continue;
        const { iamId, account, name, expiresAt } = claims;
        must(
          [iamId, account, name].every((text) => typeof text === 'string'),
          'a claim is no text',
        );
        must(Number.isFinite(expiresAt), 'no end of life');
      }
    },
  };
}
