import { PATIENCE } from '../../src/commands/kubelet.ts';
import type { ApiKeyCredential } from '../../src/credential.ts';
import type { HelperOptions } from '../../src/helper.ts';
import { requestTokens } from '../../src/iam/client.ts';
import { provideTokens } from '../../src/iam/token-provider.ts';
import { provide } from '../../src/kubelet/provide.ts';
import { parseRequest } from '../../src/kubelet/request.ts';
import { formatResponse } from '../../src/kubelet/response.ts';
import { Secret } from '../../src/secret.ts';
import { createPluginProvider } from '../../test/fakes/kubelet/plugin-provider.ts';
import { PROVIDER_API } from '../../test/fakes/kubelet/types.ts';
import { createMemorySlot } from '../../test/support/memory-slot.ts';
import type { Clock } from './clock.ts';
import type { createIam } from './iam.ts';
import { createNodeLock } from './lock.ts';

interface NodeOptions {
  clock: Clock;
  iam: ReturnType<typeof createIam>;
  /** For pauses after a 429. */
  random(): number;
  /** For how long an answer may be kept: from 0 to 1, see src/kubelet/cache-duration.ts. */
  spread(): number;
  /** Called with the token that the kubelet has just been given. */
  onAnswer(token: string): void;
}

const ISSUER = 'https://iam.cloud.ibm.com';

/** A node: the kubelet's stand-in, and the program's own code for all the rest but files and network. */
export function createNode({ clock, iam, random, spread, onAnswer }: NodeOptions) {
  const slot = createMemorySlot(createNodeLock());
  const exchange: HelperOptions['provideTokens'] = (credential) =>
    provideTokens(credential, 'access-token', {
      openSlot: async () => slot,
      exchange: (grant, issuer) =>
        requestTokens(grant, issuer, {
          ...{ http: iam.http, now: clock.now, sleep: clock.sleep, random },
          ...{ userAgent: 'fleet', patience: PATIENCE },
        }),
      wakeNetwork: async () => {},
      http: iam.http,
      now: clock.now,
      startedAt: clock.now(),
      patienceMs: PATIENCE.ms,
    });
  const options = helperOptions(clock, exchange);
  return createPluginProvider({
    config: {
      name: 'icr-credential-provider',
      matchImages: ['*.icr.io'],
      defaultCacheDuration: '1h',
      apiVersion: PROVIDER_API,
    },
    now: clock.now,
    exec: async (request) => {
      const response = await provide(parseRequest(request), options, spread());
      if (response.auth) onAnswer(response.auth.secret.reveal());
      return formatResponse(response);
    },
  });
}

const CREDENTIAL: ApiKeyCredential = {
  type: 'api-key',
  fingerprint: 'node',
  issuer: ISSUER,
  reveal: async () => new Secret('key'),
};

/** What of the helper's parts a node with a key file needs; whatever else is asked for fails. */
function helperOptions(clock: Clock, exchange: HelperOptions['provideTokens']): HelperOptions {
  const context = { settings: {}, system: { env: {}, now: clock.now }, store: { records: () => [] } };
  const sources = [{ name: 'the profile', find: async () => CREDENTIAL }];
  return { context, sources, provideTokens: exchange } as unknown as HelperOptions;
}
