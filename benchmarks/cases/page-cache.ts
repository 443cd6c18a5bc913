import { type Case, logIn, saysVersion, single, warmGet } from '../case.ts';
import type { Step, Subject } from '../measure.ts';
import { ecrLogin, SECRETSERVICE } from '../peers.ts';
import { copyProgram, isThere, type World } from '../world.ts';

/** The first start after a boot: no page of the program's own file is in memory; those of shared libraries are. */
export const pageCache: Case = {
  name: 'page-cache',
  title: 'Start with a cold page cache',
  prepare: async (world) => {
    const home = await world.makeHome();
    await logIn(world, home);
    const [ecrGet] = (await ecrLogin(world)) ?? [];
    const bare = { env: { PATH: '/usr/bin:/bin' }, input: '' };
    return {
      beside: 'ecr-login get',
      subjects: [
        fromDisk('warm get', await warmGet(home)),
        fromDisk('version', saysVersion(home.call('version'))),
        ecrGet ? fromDisk('ecr-login get', withCopy(ecrGet, world)) : null,
        isThere([SECRETSERVICE])
          ? fromDisk(
              'secretservice version',
              withCopy(saysVersion({ ...bare, argv: [SECRETSERVICE, 'version'] }), world),
            )
          : null,
      ],
    };
  },
};

function fromDisk(name: string, step: Step): Subject {
  return { ...single(name, step), before: [{ forget: step.argv[0] ?? '' }] };
}

/** Somebody else may be running the installed one, and keep its pages in memory. */
function withCopy(step: Step, world: World): Step {
  const [program = '', ...args] = step.argv;
  return { ...step, argv: [copyProgram(program, world.makeFolder()), ...args] };
}
