import type { TokenCredential } from '../credential.ts';
import type { EndpointContext } from '../iam/endpoint.ts';
import { configFile, configFolder } from '../ibmcloud/config-folder.ts';
import type { CliSession, Lookup } from '../ibmcloud/session.ts';
import { io } from '../io.ts';
import type { System } from '../system.ts';
import type { CredentialSource } from './source.ts';

const NAME = 'the ibmcloud session';

/** A CLI that cannot renew its session is not run for every `get`. A new login is another credential. */
const FAILURES_LAST_MS = 60_000;

/** The session of the ibmcloud CLI: its token while that lives, then what the CLI makes of it. */
export function ibmcloudSession(context: EndpointContext): CredentialSource {
  return {
    name: NAME,
    lapses: true,
    find: async (host) => {
      // Most are answered before they come here, and most of the others have no CLI.
      if (!hasConfig(context.system)) return null;
      const { lookUpSession } = await import('../ibmcloud/session.ts');
      const lookUp = () => lookUpSession(host, context);
      const { session } = await lookUp();
      return session && toCredential(session, lookUp, context);
    },
    explain: async (host) => {
      const { explainSession } = await import('../ibmcloud/explain.ts');
      const { lookUpSession } = await import('../ibmcloud/session.ts');
      return explainSession(await lookUpSession(host, context), context.system);
    },
  };
}

function hasConfig(system: System): boolean {
  const folder = configFolder(system);
  return folder !== null && io.statusOf(configFile(folder, system)) !== null;
}

function toCredential(
  { fingerprint, issuer, accessToken, current, spare }: CliSession,
  lookUp: () => Promise<Lookup>,
  { system }: EndpointContext,
): TokenCredential {
  return {
    type: 'token',
    fingerprint,
    issuer,
    shows: NAME,
    lastKnown: accessToken,
    ...(current && { current }),
    ...(spare && { spare }),
    rotates: true,
    obtain: async () => (await import('../ibmcloud/renew.ts')).renewSession(lookUp, system),
    failuresLastMs: FAILURES_LAST_MS,
  };
}
