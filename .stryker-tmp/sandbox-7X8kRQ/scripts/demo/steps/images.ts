import { builtIn } from '../clients/built-in.ts';
import type { Client } from '../clients/client.ts';
import { inspectWithDocker, startDocker } from '../clients/docker.ts';
import { skopeo } from '../clients/skopeo.ts';
import { createStorageClient } from '../clients/storage-client.ts';
import { type Demo, REGISTRY, type Step } from '../demo.ts';
import { makeImage } from '../image.ts';
import { watchTraffic } from '../traffic.ts';

/** Pushes and pulls with every client; `used` is for the steps that come later. */
export function images(used: Client[]): Step {
  return {
    title: 'Push and pull an image',
    async run(demo) {
      const { cloud, home, say } = demo;
      say.explain(
        `The clients’ own configuration (~/.docker/config.json) names the helper: ${home.clientConfig}`,
      );
      used.push(...(await chooseClients(demo)));
      for (const client of used) {
        say.explain(`With ${client.name}:`);
        await watchTraffic(client.name, cloud, () => client.pushAndPull(demo, makeImage()));
        say.checked(`pushed, pulled and compared; ${REGISTRY} was shown user name iambearer only`);
      }
      const names = used.map(({ name }) => name).join(', ');
      const more = (await inspect(used, demo)) ? '; docker without a daemon inspected it' : '';
      return `an image pushed and pulled with ${names}, the same as went in${more}`;
    },
  };
}

async function chooseClients(demo: Demo): Promise<Client[]> {
  const { clients, reason, say } = demo;
  const chosen: Client[] = [];
  if (clients.includes('skopeo')) chosen.push(skopeo);
  if (clients.includes('podman')) chosen.push(createStorageClient('podman'));
  const docker = clients.includes('docker') ? await startDocker(demo) : null;
  if (docker) chosen.push(docker);
  if (chosen.length > 0) return chosen;
  if (reason) say.explain(`No real client here: ${reason}.`);
  return [builtIn];
}

/** Whether docker, here without a daemon, could read what the first client pushed. */
async function inspect([first, ...others]: readonly Client[], demo: Demo): Promise<boolean> {
  const hasDaemon = [first, ...others].some((client) => client?.name === 'docker');
  if (!first || hasDaemon || !demo.clients.includes('docker')) return false;
  demo.say.explain('With docker, whose daemon needs root (and the one of this machine is not ours to use):');
  const inspected = await inspectWithDocker(demo, first.reference);
  if (inspected) demo.say.checked('docker asked the helper, and read what is in the registry');
  return inspected;
}
