import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { type ClientHome, makeClientHome } from '../support/client-home.ts';
import { addManager, type Cloud, startCloud } from '../support/cloud.ts';
import { type Dockerd, startDockerd } from '../support/dockerd.ts';
import { credentialsOf, helperOf } from '../support/executable.ts';
import { pause } from '../support/pause.ts';

/**
 * Every order of logins and a logout, by every client, of two accounts: what answers afterwards, and
 * what is left when every token has run out.
 */
let cloud: Cloud;
let dockerd: Dockerd;
const keys: Record<string, string> = {};

/** Seconds; long enough for one order of logins on a slow machine. */
const LIFETIME = 40;

beforeAll(async () => {
  cloud = await startCloud();
  dockerd = await startDockerd(cloud.caFile);
  cloud.iam.tokenLifetime = LIFETIME;
  cloud.icr.identityTokenLifetime = LIFETIME;
  cloud.icr.tokenLifetime = LIFETIME;
  for (const name of ['anna', 'berta']) keys[name] = addManager(cloud, name).apiKey;
});
afterAll(async () => {
  await dockerd?.stop();
  await cloud?.stop();
});

/** What a person would say about the state after each step. */
interface State {
  /** Who answers. */
  account: string | null;
  /** With a key, or with ICR's session, which locks podman's and skopeo's login out. */
  by: 'key' | 'session' | null;
}

interface Step {
  name: string;
  run(home: ClientHome, before: State): Promise<State>;
}

const docker = '/usr/bin/docker';

function keyLogin(tool: string, account: string): Step {
  return {
    name: `${tool} login (${account})`,
    run: async (home, before) => {
      const args = ['login', '--username', 'iamapikey', '--password-stdin', 'us.icr.io'];
      const finished = await home.attempt(tool, args, keys[account]);
      if (before.by === 'session') {
        expect(finished.stderr).toMatch(/identity token/i);
        return before;
      }
      expect(finished).toMatchObject({ code: 0 });
      return { account, by: 'key' };
    },
  };
}

function dockerLogin(account: string): Step {
  return {
    name: `docker login (${account})`,
    run: async (home, before) => {
      await home.run(
        docker,
        ['login', '--username', 'iamapikey', '--password-stdin', 'us.icr.io'],
        keys[account],
      );
      // Docker hands over a session; a key of the same account goes on answering.
      return before.by === 'key' && before.account === account ? before : { account, by: 'session' };
    },
  };
}

const bareLogin: Step = {
  name: 'docker login',
  run: async (home, before) => {
    const finished = await home.attempt(docker, ['login', 'us.icr.io']);
    // With a session, or nothing, docker prompts for a password; there is nobody to type one.
    expect(finished.code === 0).toBe(before.by === 'key');
    return before;
  },
};

function logout(tool: string): Step {
  return {
    name: `${tool} logout`,
    run: async (home) => {
      await home.attempt(tool, ['logout', 'us.icr.io']);
      return { account: null, by: null };
    },
  };
}

async function check(home: ClientHome, { by }: State): Promise<void> {
  const answer = credentialsOf(await helperOf(home.env).get('us.icr.io'));
  expect(answer?.Username ?? null).toBe(by === 'key' ? 'iambearer' : by === 'session' ? '<token>' : null);
}

/** Whom ICR takes us for: `anna`, who is anna@example.com. */
async function whoPulls(home: ClientHome): Promise<string | null> {
  const before = cloud.icr.tokenRequests.length;
  const pulled = await home.attempt('skopeo', ['inspect', 'docker://us.icr.io/ns/app:v1']);
  const request = cloud.icr.tokenRequests.slice(before).findLast(({ status }) => status === 200);
  return pulled.code === 0 ? (request?.identity?.split('@')[0] ?? null) : null;
}

async function follow(order: readonly Step[]): Promise<{ home: ClientHome; state: State }> {
  const home = await makeClientHome({ caFile: cloud.caFile, env: { DOCKER_HOST: dockerd.host } });
  onTestFinished(home.cleanUp);
  let state: State = { account: null, by: null };
  for (const step of order) {
    state = await step.run(home, state);
    await check(home, state);
  }
  expect(await whoPulls(home)).toBe(state.account);
  return { home, state };
}

const STEPS = [
  dockerLogin('anna'),
  bareLogin,
  keyLogin('podman', 'berta'),
  keyLogin('skopeo', 'anna'),
  logout('podman'),
];

it('every order ends with the account of the last login, now and when all tokens have run out', async () => {
  const image = await makeClientHome({ caFile: cloud.caFile });
  onTestFinished(image.cleanUp);
  await image.run('skopeo', [
    'copy',
    '--dest-creds',
    `iamapikey:${keys['anna']}`,
    image.image,
    'docker://us.icr.io/ns/app:v1',
  ]);

  const ends: { order: string; home: ClientHome; state: State }[] = [];
  for (const order of permutations(STEPS)) {
    const name = order.map((step) => step.name).join(', ');
    try {
      ends.push({ order: name, ...(await follow(order)) });
    } catch (error) {
      throw new Error(`after ${name}: ${(error as Error).message}`, { cause: error });
    }
  }
  await pause(LIFETIME * 1000);
  const left = { works: 0, asks: 0 };
  for (const { order, home, state } of ends) {
    const renewable = state.by === 'key' ? state.account : null;
    expect([order, await whoPulls(home)]).toEqual([order, renewable]);
    left[renewable ? 'works' : 'asks']++;
  }
  console.log(`${ends.length} orders: ${left.works} go on working, ${left.asks} ask for a login`);
}, 900_000);

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length < 2) return [[...items]];
  return items.flatMap((item, index) =>
    permutations(items.filter((_, other) => other !== index)).map((rest) => [item, ...rest]),
  );
}
