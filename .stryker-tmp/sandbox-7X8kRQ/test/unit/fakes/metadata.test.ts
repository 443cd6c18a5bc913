import { beforeEach, expect, it } from 'vitest';
import { createIam } from '../../fakes/iam.ts';
import { createMetadata } from '../../fakes/metadata.ts';

const iam = createIam();
const profile = iam.addTrustedProfile({ name: 'builder' });
const metadata = createMetadata({ iam });

const V1 = [
  '/instance_identity/v1/token?version=2022-03-01',
  '/instance_identity/v1/iam_token?version=2022-03-01',
];
const V2 = ['/identity/v1/token?version=2025-08-26', '/identity/v1/iam_tokens?version=2025-08-26'];

beforeEach(() => {
  Object.assign(metadata, { mode: 'both', defaultProfile: profile });
  iam.now = () => Date.now();
});

async function send(method: string, path = '', headers: Record<string, string> = {}, body: object = {}) {
  const url = `http://169.254.169.254${path}`;
  const answer = await metadata.handle(new Request(url, { method, headers, body: JSON.stringify(body) }));
  return { status: answer.status, body: (await answer.json()) as Record<string, string> };
}

async function instanceToken(path = V1[0], expires_in = 300): Promise<Record<string, string>> {
  const { body } = await send('PUT', path, { 'metadata-flavor': 'ibm' }, { expires_in });
  return { authorization: `Bearer ${body['access_token']}` };
}

it.each([V1, V2])('an instance token, and with it an IAM token', async (token, iamToken) => {
  const answer = await send('POST', iamToken, await instanceToken(token));
  expect(Object.keys(answer.body)).toEqual(['access_token', 'created_at', 'expires_at', 'expires_in']);
  const claims = iam.trusted.accessTokens.verify(answer.body['access_token'] ?? '');
  expect(claims).toMatchObject({ iam_id: profile.iamId, sub_type: 'Profile' });
});

it('no IAM token without an instance token that is still good', async () => {
  expect((await send('POST', V1[1], { authorization: 'Bearer guess' })).status).toBe(401);
  const headers = await instanceToken(V1[0], 60);
  iam.now = () => Date.now() + 61_000;
  expect((await send('POST', V1[1], headers)).status).toBe(401);
});

it('no instance token without the header, which forged requests cannot have', async () => {
  expect((await send('PUT', V1[0])).status).toBe(400);
});

it('no IAM token without a profile', async () => {
  metadata.defaultProfile = null;
  expect((await send('POST', V1[1], await instanceToken())).status).toBe(404);
  const body = { trusted_profile: { id: profile.id } };
  expect((await send('POST', V1[1], await instanceToken(), body)).status).toBe(200);
});

it('serves one version only, or gives no answer at all', async () => {
  metadata.mode = 'v1';
  expect((await send('PUT', V2[0], { 'metadata-flavor': 'ibm' })).status).toBe(404);
  metadata.mode = 'silent';
  const signal = AbortSignal.timeout(20);
  const request = new Request('http://169.254.169.254/', { method: 'PUT', signal });
  await expect(metadata.handle(request)).rejects.toMatchObject({ name: 'TimeoutError' });
});
