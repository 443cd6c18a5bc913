import { expect, it } from 'vitest';
import { requestTokens } from '../../../src/iam/client.ts';
import { apiKeyGrant } from '../../../src/iam/grants.ts';
import { Secret } from '../../../src/secret.ts';

const KEY = 'key-0123456789-0123456789';

function answer(status: number, body: string) {
  return requestTokens(apiKeyGrant(new Secret(KEY), false), 'https://iam.cloud.ibm.com', {
    http: async () => ({ status, header: () => null, body }),
    now: () => 0,
    sleep: async () => {},
    random: () => 0,
    userAgent: 'test',
    patience: { ms: 12_000, outlastsThrottling: true },
  });
}

it.each(['0', '-1', '1e400', '"3600"', 'null'])('a token that lives for %s s is none', async (life) => {
  await expect(answer(200, `{"access_token":"t","expires_in":${life}}`)).rejects.toMatchObject({
    code: 'unreachable',
  });
});

it.each([
  { errorCode: 'X', errorMessage: `${'x'.repeat(290)}${KEY}` },
  { errorCode: `${'x'.repeat(30)}${KEY}` },
  { errorCode: 'X', context: { requestId: `${'x'.repeat(90)}${KEY}` } },
])('no part of a key comes out of a message that is cut off', async (body) => {
  const error = await answer(400, JSON.stringify(body)).catch(({ message }) => message);
  expect(error).toContain('refuses the API key');
  expect(error).not.toContain(KEY.slice(0, 8));
});
