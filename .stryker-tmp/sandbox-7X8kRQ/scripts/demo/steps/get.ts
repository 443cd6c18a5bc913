import { decodeAccessToken } from '../../../src/iam/access-token.ts';
import { type Demo, REGISTRY, type Step } from '../demo.ts';
import { DemoFailure, verify } from '../failure.ts';
import { clip } from '../narrator.ts';
import type { Credentials } from '../registry-client.ts';
import { HELPER } from '../shell.ts';

const WARM_CALLS = 5;

export const get: Step = {
  title: 'Get what a client gets: a short-lived token, not the key',
  async run(demo) {
    const { cloud, say } = demo;
    say.command(`echo ${REGISTRY} | ${HELPER} get`);
    const { answer, milliseconds } = await ask(demo);
    say.hide(answer.Secret);
    say.output(JSON.stringify({ ...answer, Secret: clip(answer.Secret) }));
    verify(answer.Username === 'iambearer', `the user name is ${answer.Username}, not iambearer`);
    verify(answer.Secret !== cloud.apiKey, 'get handed out the API key itself');
    showClaims(answer.Secret, demo);
    const warm = await askAgain(answer, demo);
    say.checked(
      `first answer after ${milliseconds} ms with one exchange at IAM, the next ones after ${warm} ms from the sealed cache`,
    );
    return `an IAM access token in place of the key; ${warm} ms from the cache`;
  },
};

function showClaims(token: string, { cloud, say }: Demo): void {
  const claims = decodeAccessToken(token);
  // The double verifies the signature, as ICR does.
  const verified = cloud.iam.trusted.accessTokens.verify(token);
  verify(claims !== null && verified !== null, 'the secret is not a valid IAM access token');
  const { user } = cloud;
  verify(claims.iamId === user.iamId && verified['sub'] === user.email, 'the token is somebody else’s');
  verify(claims.account === user.account, 'the token is for another account');
  const minutes = Math.round((claims.expiresAt * 1000 - Date.now()) / 60_000);
  verify(minutes > 0 && minutes <= 60, `the token lives for ${minutes} minutes, and not for up to 60`);
  say.explain('The secret is a JSON web token. It says:');
  say.output(`iam_id   ${claims.iamId}\nsub      ${verified['sub']}\naccount  ${claims.account}`);
  say.output(`expires  ${new Date(claims.expiresAt * 1000).toISOString()}, in ${minutes} minutes`);
}

/** Milliseconds of the middle one of a few calls. */
async function askAgain({ Secret }: Credentials, demo: Demo): Promise<number> {
  const times: number[] = [];
  for (let call = 0; call < WARM_CALLS; call++) {
    const { answer, milliseconds } = await ask(demo);
    verify(answer.Secret === Secret, 'the second answer is not the first one, from the cache');
    times.push(milliseconds);
  }
  verify(demo.cloud.iam.tokenRequests() === 1, 'the cache was not used: IAM was asked again');
  return times.sort((one, other) => one - other)[Math.floor(WARM_CALLS / 2)] ?? 0;
}

async function ask({ shell }: Demo): Promise<{ answer: Credentials; milliseconds: number }> {
  const startedAt = performance.now();
  const { code, stdout } = await shell.helper('get', `${REGISTRY}\n`);
  const milliseconds = Math.round(performance.now() - startedAt);
  if (code !== 0) throw new DemoFailure(`get ended with ${code}: ${stdout.trim()}`);
  return { answer: JSON.parse(stdout), milliseconds };
}
