import { apiKeyGrant } from '../../src/iam/grants.ts';
import { Secret } from '../../src/secret.ts';
import { type Case, coldGet, logIn, single, storing } from '../case.ts';
import type { Step, Subject } from '../measure.ts';
import { CURL, secretservice } from '../peers.ts';
import type { Latency } from '../start-double.ts';
import { isThere, KEYRING_PROGRAMS, learn, type World } from '../world.ts';

const COLD = 'cold get';
const PEERS = 'secretservice get, then curl';

/** One exchange with IAM, whose key comes from the keychain. Nothing is left of the cache before each run. */
export const cold: Case = {
  name: 'cold',
  title: 'A cold get: keychain and one exchange with the local IAM',
  prepare: async (world) => {
    if (!isThere(KEYRING_PROGRAMS)) return { subjects: [], needs: 'dbus and gnome-keyring' };
    const home = await world.makeHome({ keychain: true });
    await logIn(world, home);
    const subjects = [
      coldGet(COLD, home),
      await byPeers(world),
      isThere([CURL]) ? single('curl', await curl(world)) : null,
    ];
    return { beside: PEERS, subjects, exchanges: { [COLD]: 1, [PEERS]: 1, curl: 1 } };
  },
};

/** The same in two steps, without a shell in between. */
async function byPeers(world: World): Promise<Subject | null> {
  const call = await secretservice(world);
  if (!call || !isThere([CURL])) return null;
  const { apiKey } = await world.double();
  await learn(call('store', storing('https://icr.example', 'iamapikey', apiKey)));
  return { name: PEERS, steps: [await learn(call('get', 'https://icr.example')), await curl(world)] };
}

/** The very request that the program sends (src/iam/client.ts). */
export async function curl(world: World, latency: Latency = 0): Promise<Step> {
  const { apiKey, caFile, iamUrls } = await world.double();
  const { form } = apiKeyGrant(new Secret(apiKey), false);
  const argv = [CURL, '--silent', '--show-error', '--fail', '--cacert', caFile];
  return {
    argv: [
      ...argv,
      '--header',
      'Accept: application/json',
      '--data',
      '@-',
      `${iamUrls[latency]}/identity/token`,
    ],
    env: { PATH: '/usr/bin:/bin' },
    input: new URLSearchParams(form).toString(),
    code: 0,
    stdout: '\\{"access_token":"[^"]+".*\\}\\s*',
  };
}
