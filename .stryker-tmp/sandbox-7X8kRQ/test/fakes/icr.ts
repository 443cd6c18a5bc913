/**
 * A double of IBM Cloud Container Registry as one pure handler for all of its host names: the token
 * endpoint, ICR's challenges, and a registry behind them, in memory or a real docker-registry.
 * Facts: IBM docs (Registry), distribution's token specification, published samples.
 */
import { createEmbeddedRegistry } from './embedded-registry.ts';
import { createFaultSwitch } from './fault-switch.ts';
import { answerWith } from './faults.ts';
import type { Iam } from './iam.ts';
import { createAccess } from './icr/access.ts';
import { withBlobRedirects } from './icr/blob-redirects.ts';
import { guarded } from './icr/guard.ts';
import { createIdentityTokens } from './icr/identity-tokens.ts';
import { BAD_CREDENTIALS, RegistryRefusal, registryError } from './icr/refusals.ts';
import { createRegistryTokens } from './icr/registry-tokens.ts';
import { defaultIcrSettings, type IcrOptions, type IcrSettings } from './icr/settings.ts';
import { throttle } from './icr/throttle.ts';
import { answerTokenRequest, type TokenRequest } from './icr/token-endpoint.ts';
import { createUpstream } from './icr/upstream.ts';

export type Icr = ReturnType<typeof createIcr>;

/** One request to anything but the token endpoint. */
export interface RegistryRequest {
  readonly method: string;
  readonly host: string;
  readonly path: string;
  status: number | null;
}

const TOKEN_PATH = '/oauth/token';

export function createIcr({ iam, signer, upstream, ...options }: IcrOptions & { readonly iam: Iam }) {
  // The very object that is handed out, so that `icr.tokenLifetime = 5` works at any time.
  const settings: IcrSettings = { ...defaultIcrSettings(), ...options };
  const now = () => iam.now();
  const registryTokens = createRegistryTokens(settings, signer, now);
  const identityTokens = createIdentityTokens(settings, now);
  const access = createAccess(settings);
  const tokenRequests: TokenRequest[] = [];
  const registryRequests: RegistryRequest[] = [];
  const endpoint = { iam, settings, access, registryTokens, identityTokens, log: tokenRequests };
  const images = upstream ? createUpstream(upstream) : guarded(createEmbeddedRegistry(), registryTokens);
  const registry = withBlobRedirects(images, settings, registryTokens);
  const faults = createFaultSwitch(TOKEN_PATH);

  async function answerRegistry(request: Request): Promise<Response> {
    const { host, pathname } = new URL(request.url);
    const entry: RegistryRequest = { method: request.method, host, path: pathname, status: null };
    registryRequests.push(entry);
    const response = await registry(slowed(request, settings.uploadBytesPerSecond));
    entry.status = response.status;
    return response;
  }

  async function route(request: Request): Promise<Response> {
    if (new URL(request.url).pathname !== TOKEN_PATH) return answerRegistry(request);
    return answerTokenRequest(request, endpoint).catch(refused);
  }

  function handle(request: Request): Promise<Response> {
    return answerWith(faults.take(new URL(request.url).pathname), request, {
      normal: () => route(request),
      refuse: () => registryError(new RegistryRefusal('UNAUTHORIZED', BAD_CREDENTIALS)),
    });
  }

  return Object.assign(settings, {
    handle,
    /** `icr.allow(deployer, 'ns', 'reader', 'writer')`: in place of what it had there. */
    allow: access.allow,
    revokeIdentityTokens: identityTokens.revokeAll,
    failNext: faults.failNext,
    setFault: faults.setFault,
    tokenRequests,
    registryRequests,
    /** Forgets faults and logs; roles, tokens and images stay. */
    reset(): void {
      faults.clearFaults();
      tokenRequests.length = 0;
      registryRequests.length = 0;
    },
  });
}

function slowed(request: Request, bytesPerSecond: number): Request {
  if (!request.body || bytesPerSecond === Number.POSITIVE_INFINITY) return request;
  const { url, method, headers, signal } = request;
  return new Request(url, {
    method,
    headers,
    signal,
    body: throttle(request.body, bytesPerSecond),
    duplex: 'half',
  });
}

function refused(error: unknown): Response {
  if (error instanceof RegistryRefusal) return registryError(error);
  throw error;
}
