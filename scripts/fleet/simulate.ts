import { createRandom } from '../../test/support/random.ts';
import { createClock } from './clock.ts';
import { createIam, endOf, MINUTE } from './iam.ts';
import { createNode } from './node.ts';

export interface Scenario {
  nodes: number;
  /** Pulls of one node in an hour, as they come by chance (a Poisson process). */
  pullsPerHour: number;
  /** An image that every node pulls within so many minutes of each full hour, besides: a CronJob. */
  hourlyWithinMinutes?: number;
  /** Over how many minutes the nodes begin. */
  startMinutes: number;
  /** Whether the kubelet is told another duration each time. */
  jitter: boolean;
  hours: number;
  /** Images of so many registries are pulled in turn. */
  registries?: number;
  /** Minutes at the beginning that do not count. */
  warmUpMinutes?: number;
  lifetimeSeconds?: number;
}

export interface Outcome {
  /** Requests that reached IAM, and those that it answered with a token, by minute. */
  asked: number[];
  given: number[];
  pulls: number;
  /** Answered from the kubelet's memory, by the program from its cache, and by an exchange. */
  fromKubelet: number;
  fromCache: number;
  failed: number;
  /** Of the life of a token: the least that was handed to a kubelet, and that a pull began with. */
  leastHandedOut: number;
  leastAtPull: number;
  /** Minutes until every node had its first token. */
  allServedAfter: number;
}

/** Kubernetes waits for so long after a failed pull, and then for twice as long (pkg/kubelet/images). */
const BACK_OFF_MS = 10_000;
const LONGEST_BACK_OFF_MS = 300_000;

export async function simulate(scenario: Scenario): Promise<Outcome> {
  const { nodes, pullsPerHour, startMinutes, jitter, hours, registries = 1 } = scenario;
  const { warmUpMinutes = 0, lifetimeSeconds = 3600, hourlyWithinMinutes } = scenario;
  const clock = createClock();
  const random = createRandom(nodes + startMinutes);
  const spreading = createRandom(7);
  const iam = createIam(clock, lifetimeSeconds);
  const lifeLeft = (token: string) => (endOf(token) - clock.now()) / (lifetimeSeconds * 1000);
  const counts = { pulls: 0, fromKubelet: 0, executions: 0, failed: 0 };
  const least = { handedOut: 1, atPull: 1 };
  let unserved = nodes;
  let allServedAt = 0;
  const isCounted = () => clock.now() >= warmUpMinutes * MINUTE;
  const note = (token: string, what: keyof typeof least) => {
    least[what] = Math.min(least[what], lifeLeft(token));
  };

  for (let index = 0; index < nodes; index++) {
    const node = createNode({
      ...{ clock, iam, random },
      spread: jitter ? spreading : () => 1,
      onAnswer: (token) => isCounted() && note(token, 'handedOut'),
    });
    let isServed = false;
    const serve = (token: string) => {
      if (isCounted()) note(token, 'atPull');
      if (isServed) return;
      isServed = true;
      unserved--;
      if (unserved === 0) allServedAt = clock.now();
    };
    const pull = (image: string, backOff = BACK_OFF_MS) => {
      const known = node.recall(image)?.[registryOf(image)];
      if (isCounted() && backOff === BACK_OFF_MS) counts.pulls++;
      if (known) {
        if (isCounted()) counts.fromKubelet++;
        return serve(known.password);
      }
      if (isCounted()) counts.executions++;
      clock.go(async () => {
        try {
          const [credential] = await node.provide(image);
          serve(credential?.password ?? '');
        } catch {
          if (isCounted()) counts.failed++;
          const next = Math.min(2 * backOff, LONGEST_BACK_OFF_MS);
          clock.at(clock.now() + backOff, () => pull(image, next));
        }
      });
    };
    let count = 0;
    const next = () => {
      pull(IMAGES[count++ % registries] ?? '');
      clock.at(clock.now() - (Math.log(1 - random()) / pullsPerHour) * 60 * MINUTE, next);
    };
    const begin = random() * startMinutes * MINUTE;
    if (pullsPerHour > 0) clock.at(begin, next);
    if (hourlyWithinMinutes === undefined) continue;
    const hourly = (hour: number) => {
      clock.at((hour * 60 + random() * hourlyWithinMinutes) * MINUTE, () => {
        pull(IMAGES[0] ?? '');
        hourly(hour + 1);
      });
    };
    hourly(Math.ceil(begin / MINUTE / 60));
  }
  await clock.runUntil((warmUpMinutes + hours * 60) * MINUTE);
  const perMinute = (counted: number[]) =>
    Array.from({ length: hours * 60 }, (_, minute) => counted[warmUpMinutes + minute] ?? 0);
  const given = perMinute(iam.given);
  return {
    asked: perMinute(iam.asked),
    given,
    pulls: counts.pulls,
    fromKubelet: counts.fromKubelet,
    fromCache: counts.executions - counts.failed - given.reduce((sum, one) => sum + one, 0),
    failed: counts.failed,
    leastHandedOut: least.handedOut,
    leastAtPull: least.atPull,
    allServedAfter: allServedAt / MINUTE,
  };
}

const IMAGES = ['us.icr.io/ns/app', 'de.icr.io/ns/app', 'uk.icr.io/ns/app'];

function registryOf(image: string): string {
  return image.split('/')[0] ?? '';
}
