import { bearer, type Case, logIn, REGISTRY, warmGet } from '../case.ts';
import type { Step, Subject } from '../measure.ts';
import type { Latency } from '../start-double.ts';
import { type BenchHome, isThere, KEYRING_PROGRAMS, type World } from '../world.ts';

const COUNTS = [1, 10, 100];

/** Many clients at once: one exchange for all of them, and all get the same token. */
export const concurrent: Case = {
  name: 'concurrent',
  title: 'Many gets at once, until the last has its answer',
  rounds: 40,
  prepare: async (world) => {
    const warm = await warmGet(await loggedIn(world, 0));
    const cold = await loggedIn(world, 0);
    const coldAndFar = await loggedIn(world, 300);
    const subjects = [
      ...COUNTS.map((count) => atOnce(`${count} warm`, warm, count)),
      ...COUNTS.map((count) => coldAtOnce(`${count} cold`, cold, count)),
      coldAtOnce('100 cold, IAM 300 ms', coldAndFar, 100),
    ];
    const exchanges = Object.fromEntries(
      subjects.filter(({ before }) => before).map(({ name }) => [name, 1]),
    );
    return { subjects, exchanges };
  },
};

async function loggedIn(world: World, latency: Latency): Promise<BenchHome> {
  const home = await world.makeHome({ latency, keychain: isThere(KEYRING_PROGRAMS) });
  await logIn(world, home);
  return home;
}

function atOnce(name: string, step: Step, count: number): Subject {
  return { name, steps: Array.from({ length: count }, () => step), together: true, sameAnswers: true };
}

function coldAtOnce(name: string, home: BenchHome, count: number): Subject {
  const get: Step = { ...home.call('get', REGISTRY), code: 0, stdout: bearer() };
  return { ...atOnce(name, get, count), before: [{ remove: home.cacheFolder }] };
}
