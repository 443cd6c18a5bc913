import { type Case, coldGet, logIn, single } from '../case.ts';
import type { Subject } from '../measure.ts';
import { CURL } from '../peers.ts';
import type { Latency } from '../start-double.ts';
import { isThere } from '../world.ts';
import { curl } from './cold.ts';

const LATENCIES: readonly Latency[] = [0, 100, 300];

/** How much of a cold get is waiting for IAM. */
export const latency: Case = {
  name: 'latency',
  title: 'A cold get and IAM’s latency',
  rounds: 40,
  prepare: async (world) => {
    const subjects: Subject[] = [];
    for (const ms of LATENCIES) {
      const home = await world.makeHome({ latency: ms });
      await logIn(world, home);
      subjects.push(coldGet(`cold get, IAM ${ms} ms`, home));
      if (isThere([CURL])) subjects.push(single(`curl, IAM ${ms} ms`, await curl(world, ms)));
    }
    const exchanges = Object.fromEntries(subjects.map(({ name }) => [name, 1]));
    return { subjects, exchanges };
  },
};
