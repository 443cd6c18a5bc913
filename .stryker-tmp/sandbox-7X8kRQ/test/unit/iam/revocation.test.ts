import { expect, it } from 'vitest';
import type { HttpRequest } from '../../../src/http.ts';
import { revokeSession } from '../../../src/iam/revocation.ts';
import { Secret } from '../../../src/secret.ts';

async function revoke(status: number): Promise<HttpRequest[]> {
  const requests: HttpRequest[] = [];
  await revokeSession(new Secret('a+b'), 'https://iam.cloud.ibm.com', async (request) => {
    requests.push(request);
    return { status, header: () => null, body: '' };
  });
  return requests;
}

it('a session is ended by its refresh token, as the client that it belongs to', async () => {
  expect(await revoke(200)).toEqual([
    {
      method: 'POST',
      url: 'https://iam.cloud.ibm.com/identity/revoke',
      headers: {
        Accept: 'application/json',
        'Content-Type': 'application/x-www-form-urlencoded',
        Authorization: 'Basic Yng6Yng=',
      },
      body: 'token=a%2Bb',
      timeoutMs: 5_000,
    },
  ]);
});

it.each([300, 400, 503])('HTTP %i does not confirm it', async (status) => {
  await expect(revoke(status)).rejects.toMatchObject({
    code: 'unreachable',
    message: `IAM at iam.cloud.ibm.com answers HTTP ${status}`,
  });
});
