import { requestTokens } from '../../../src/iam/client.ts';
import { apiKeyGrant } from '../../../src/iam/grants.ts';
import { Secret } from '../../../src/secret.ts';
import { parseTokens } from '../../../src/tokens.ts';
import { CANARY, must, mustEqual, orRefusalLater, type Target } from '../target.ts';

const NOW = 1_800_000_000_000;
const GRANT = apiKeyGrant(new Secret(CANARY), true);

/** IAM's answer: status and Retry-After on the first line, the body after it. */
export function iamReply(): Target {
  return {
    files: ['iam/client.ts', 'iam/rejection.ts', 'retry.ts'],
    isJson: true,
    seeds: [
      '200\n{"access_token":"t","refresh_token":"r","expires_in":3600,"token_type":"Bearer"}',
      '200\n{"access_token":"t","refresh_token":"not_supported","expires_in":1e400}',
      `400\n{"errorCode":"BXNIM0415E","errorMessage":"No key ${CANARY}","context":{"requestId":"x-1"}}`,
      `400\n{"errorCode":"BXNIM0415E","errorMessage":"${'x'.repeat(286)}${CANARY}"}`,
      `400\n{"errorCode":"${'x'.repeat(30)}${CANARY}","errorMessage":"y"}`,
      '429 120\n<html>',
      '503 Wed, 21 Oct 2026 07:28:00 GMT\n{"errorCode":null}',
      '501\nnull',
    ],
    words: ['200', '401', '500', 'expires_in', 'access_token', 'errorMessage', CANARY],
    check: async (input) => {
      const [head = '', ...lines] = input.split('\n');
      const status = Number(/^[1-5]\d\d/.exec(head)?.[0] ?? 200);
      const request = () =>
        requestTokens(GRANT, 'https://iam.cloud.ibm.com', {
          http: async () => ({
            status,
            header: (name) => (name === 'retry-after' ? head.slice(4) || null : 'application/json'),
            body: lines.join('\n'),
          }),
          now: () => NOW,
          sleep: async () => {},
          random: () => 0.5,
          userAgent: 'fuzz',
          patience: { ms: 12_000, outlastsThrottling: true },
        });
      const read = await orRefusalLater(request, input);
      if (read === null) return;
      must(status === 200, `a token from an answer with status ${status}`);
      must(typeof read.accessToken === 'string' && read.accessToken !== '', 'the access token is no text');
      must(['string', 'undefined'].includes(typeof read.refreshToken), 'the refresh token is no text');
      must(read.expiresIn > 0, 'a token without life');
      mustEqual(parseTokens(JSON.stringify(read)), read, 'kept and read again');
    },
  };
}
