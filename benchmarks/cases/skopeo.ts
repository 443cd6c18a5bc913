import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeImage, writeLayout } from '../../scripts/demo/image.ts';
import { type Case, logIn, REGISTRY, single } from '../case.ts';
import type { Step } from '../measure.ts';
import { answerTo, type BenchHome, isThere, learn, type World } from '../world.ts';

const SKOPEO = '/usr/bin/skopeo';
const IMAGE = `docker://${REGISTRY}/ns/app:v1`;

const WITHOUT = 'token in auth.json';
const COLD = 'with the helper, cold';

/** What a person waits for: with the helper, and with the same token in the client's own file. */
export const skopeo: Case = {
  name: 'skopeo',
  title: 'A whole `skopeo inspect` against the local ICR',
  rounds: 40,
  prepare: async (world) => {
    const { hasRealNames } = await world.double();
    if (!hasRealNames || !isThere([SKOPEO])) return { subjects: [], needs: 'skopeo and a network namespace' };
    const helper = { credHelpers: { [REGISTRY]: 'icr' } };
    const [warm, cold, without] = [
      await makeClient(world, helper),
      await makeClient(world, helper),
      await makeClient(world, {}),
    ];
    for (const home of [warm, cold]) await logIn(world, home);
    await push(warm);
    writeAuthFile(without, { auths: { [REGISTRY]: { auth: await loginOf(warm) } } });
    return {
      beside: WITHOUT,
      subjects: [
        single(WITHOUT, inspect(without)),
        single('with the helper, warm', inspect(warm)),
        { ...single(COLD, inspect(cold)), before: [{ remove: cold.cacheFolder }] },
      ],
      exchanges: { [COLD]: 1 },
    };
  },
};

async function makeClient(world: World, authFile: object): Promise<BenchHome> {
  const home = await world.makeHome({ settings: { iamEndpoint: 'https://iam.cloud.ibm.com' } });
  home.env['PATH'] = `${dirname(world.executable)}:${home.env['PATH']}`;
  writeAuthFile(home, authFile);
  return home;
}

function writeAuthFile(home: BenchHome, content: object): void {
  const file = join(home.env['XDG_RUNTIME_DIR'] ?? '', 'containers/auth.json');
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, JSON.stringify(content), { mode: 0o600 });
}

async function push(home: BenchHome): Promise<void> {
  const layout = join(home.folder, 'layout');
  writeLayout(makeImage(), layout);
  const argv = [SKOPEO, '--insecure-policy', 'copy', `oci:${layout}:v1`, IMAGE];
  await learn({ argv, env: home.env, input: '' });
}

/** What the helper answers, as `auths` have it. */
async function loginOf(home: BenchHome): Promise<string> {
  const { Username, Secret } = JSON.parse(await answerTo(home.call('get', REGISTRY)));
  return btoa(`${Username}:${Secret}`);
}

function inspect(home: BenchHome): Step {
  const argv = [SKOPEO, '--insecure-policy', 'inspect', IMAGE];
  return { argv, env: home.env, input: '', code: 0, stdout: '.*"Digest": "sha256:[0-9a-f]{64}".*' };
}
