import { NAMESPACE } from '../cloud.ts';
import { type Demo, REGISTRY } from '../demo.ts';
import { DemoFailure, verify } from '../failure.ts';
import { createRegistryClient, type RegistryClient } from '../registry-client.ts';
import { HELPER } from '../shell.ts';
import type { Client } from './client.ts';

const REPOSITORY = `${NAMESPACE}/hello`;
const REFERENCE = `${REGISTRY}/${REPOSITORY}:v1`;

/** Ours: for machines that have no other, and for those without namespaces. */
export const builtIn: Client = {
  name: 'a small client of its own',
  reference: REFERENCE,
  async pushAndPull(demo, image) {
    const { say } = demo;
    say.explain(`push ${REFERENCE}: this client asks the helper, as docker would`);
    await (await open(demo)).push(image, REPOSITORY, 'v1');
    say.explain(`pull ${REFERENCE}`);
    const pulled = await (await open(demo)).pull(REPOSITORY, 'v1');
    const pushed = [image.manifest, image.config, image.layer].map(({ digest }) => digest);
    verify(pulled.join() === pushed.join(), 'what was pulled is not what was pushed');
  },
  async canPull(demo) {
    const client = await open(demo);
    return client.pull(REPOSITORY, 'v1').then(
      () => true,
      () => false,
    );
  },
};

/** Asks the helper anew, as every start of a real client does. */
async function open({ cloud, say, shell }: Demo): Promise<RegistryClient> {
  say.command(`printf ${REGISTRY} | ${HELPER} get`);
  const { code, stdout } = await shell.helper('get', REGISTRY);
  const notFound = code === 1 && stdout.trim() === 'credentials not found in native keychain';
  if (code !== 0 && !notFound) throw new DemoFailure(`${HELPER} get failed: ${stdout.trim()}`);
  const log = (line: string) => say.output(line);
  const credentials = notFound ? null : JSON.parse(stdout);
  return createRegistryClient({ url: cloud.registryUrl, authority: cloud.authority, credentials, log });
}
