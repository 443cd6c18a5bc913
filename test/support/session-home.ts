import { onTestFinished } from 'vitest';
import type { Handler } from '../fakes/http.ts';
import { createIam, type Iam } from '../fakes/iam.ts';
import { startServer } from '../fakes/server.ts';
import { helperOf } from './executable.ts';
import { addUser } from './local-iam.ts';
import { makeHome } from './test-home.ts';

/** A home with a stored session whose tokens are stale at once: each `get` renews it. */
export interface SessionHome {
  iam: Iam;
  env: Record<string, string>;
  /** Refresh tokens in the order in which IAM was shown them. */
  shown: string[];
  /** Called when IAM's answer has been sent. */
  onAnswered: () => void;
  /** Stores a session of its own. */
  seed(): Promise<void>;
}

/** Plain HTTP, which is allowed to this machine: a thousand TLS handshakes would show nothing more. */
export async function makeSessionHome(settings: Parameters<typeof createIam>[0]): Promise<SessionHome> {
  const iam = createIam(settings);
  const anna = addUser(iam, 'anna');
  const shown: string[] = [];
  const note: Handler = async (request) => {
    shown.push(new URLSearchParams(await request.clone().text()).get('refresh_token') ?? '');
    return iam.handle(request);
  };
  const server = await startServer({ handlers: { '*': note }, onAnswered: () => self.onAnswered() });
  onTestFinished(() => server.close());
  const home = makeHome();
  home.configure({ iamEndpoint: server.url });
  const self: SessionHome = {
    iam,
    env: home.env,
    shown,
    onAnswered: () => {},
    seed: async () => {
      const { sessions } = iam.trusted;
      const token = sessions.newRefreshToken(sessions.open(anna, 'bx'));
      const run = await helperOf(home.env).store('us.icr.io', 'iamrefresh', token);
      if (run.code !== 0) throw new Error(`store failed: ${run.stdout}`);
    },
  };
  await self.seed();
  return self;
}
