import { type Case, logIn, notFound, saysVersion, single, warmGet } from '../case.ts';
import type { Step } from '../measure.ts';
import { ECR_LOGIN, ecrLogin } from '../peers.ts';
import { answering, copyAsInstalled, isThere, learn } from '../world.ts';

/** What needs neither network nor keychain, beside the floors and a peer with a cache. */
export const answers: Case = {
  name: 'answers',
  title: 'Answers without network and keychain',
  prepare: async (world) => {
    const home = await world.makeHome();
    await logIn(world, home);
    const empty = await world.makeHome();
    const bare = { env: { PATH: '/usr/bin:/bin' }, input: '' };
    const node = process.env['ICR_BENCH_NODE'] ?? '';
    const [ecrGet] = (await ecrLogin(world)) ?? [];
    const installed = (name: string, step: Step) => {
      const [program = '', ...args] = step.argv;
      return single(name, { ...step, argv: [copyAsInstalled(program, world.makeFolder()), ...args] });
    };
    return {
      beside: 'ecr-login get',
      subjects: [
        single('warm get', await warmGet(home)),
        installed('warm get, as installed', await warmGet(home)),
        single('list', await learn(home.call('list'))),
        single('not-found get', notFound(empty.call('get', 'us.icr.io'))),
        single('foreign host get', notFound(home.call('get', 'registry.example'))),
        single('version', saysVersion(home.call('version'))),
        ecrGet ? single('ecr-login get', ecrGet) : null,
        ecrGet ? installed('ecr-login get, as installed', ecrGet) : null,
        isThere([ECR_LOGIN])
          ? single('ecr-login version', { ...bare, argv: [ECR_LOGIN, '-v'], code: 0, stdout: '.*0\\.6.*' })
          : null,
        single('empty process', answering({ ...bare, argv: ['/bin/true'] }, '')),
        isThere([node]) ? single('node -e 0', answering({ ...bare, argv: [node, '-e', '0'] }, '')) : null,
      ],
    };
  },
};
