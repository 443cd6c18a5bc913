import { HelperError } from '../../src/errors.ts';
import { parseIssuer } from '../../src/iam/endpoint.ts';
import { Secret } from '../../src/secret.ts';
import { parseApiKey } from '../../src/sources/api-key.ts';

export interface LiveSettings {
  readonly apiKey: Secret;
  /** Base URL of IAM. */
  readonly iam: string;
  /** Host of a registry, with its port if that is not 443. */
  readonly registry: string;
  /** Another region's. */
  readonly secondRegistry: string;
  /** For a repository's scope; null leaves that line undecided. */
  readonly namespace: string | null;
}

/** Fails with `bad-input`, which does not quote the key. */
export function readLiveSettings(env: NodeJS.ProcessEnv, apiKey: string): LiveSettings {
  const registry = host(env, 'ICR_LIVE_REGISTRY') ?? 'us.icr.io';
  const another = registry === 'de.icr.io' ? 'us.icr.io' : 'de.icr.io';
  return {
    apiKey: new Secret(parseApiKey(apiKey, 'ICR_LIVE_API_KEY')),
    iam: parseIssuer(env['ICR_LIVE_IAM'] || 'https://iam.cloud.ibm.com', 'ICR_LIVE_IAM'),
    registry,
    secondRegistry: host(env, 'ICR_LIVE_SECOND_REGISTRY') ?? another,
    namespace: env['ICR_LIVE_NAMESPACE'] || null,
  };
}

function host(env: NodeJS.ProcessEnv, variable: string): string | null {
  const value = env[variable];
  if (!value) return null;
  if (/^[a-z0-9.-]+(?::\d+)?$/i.test(value)) return value.toLowerCase();
  throw new HelperError('bad-input', `${variable} is not a host name such as us.icr.io`);
}
