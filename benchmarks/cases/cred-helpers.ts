import { ICR_HOSTS } from '../../src/registry-host.ts';
import { bearer, type Case, logIn, warmGet } from '../case.ts';
import { ecrLogin } from '../peers.ts';
import type { BenchHome, World } from '../world.ts';

const HOSTS = ICR_HOSTS.filter((host) => !host.startsWith('private.'));
const ECR_HOSTS = HOSTS.map((_, number) => `1234567890${10 + number}.dkr.ecr.us-east-1.amazonaws.com`);

const COLD = `${HOSTS.length} gets, cold`;
const PEER = `${HOSTS.length} of ecr-login`;

/** What docker's legacy builder does before a build: ask for every registry of credHelpers, one after the other. */
export const credHelpers: Case = {
  name: 'cred-helpers',
  title: `${HOSTS.length} credHelpers one after the other`,
  prepare: async (world) => {
    const [warm, cold] = [await loggedIn(world), await loggedIn(world)];
    const warmSteps = [];
    for (const host of HOSTS) warmSteps.push(await warmGet(warm, host));
    const coldSteps = HOSTS.map((host) => ({ ...cold.call('get', host), code: 0, stdout: bearer(host) }));
    const peerSteps = await ecrLogin(world, ECR_HOSTS);
    return {
      beside: PEER,
      subjects: [
        { name: `${HOSTS.length} gets, warm`, steps: warmSteps },
        { name: COLD, steps: coldSteps, before: [{ remove: cold.cacheFolder }] },
        peerSteps && { name: PEER, steps: peerSteps },
      ],
      exchanges: { [COLD]: 1 },
    };
  },
};

async function loggedIn(world: World): Promise<BenchHome> {
  const home = await world.makeHome();
  for (const host of HOSTS) await logIn(world, home, host);
  return home;
}
