import { decodeAccessToken } from '../iam/access-token.ts';
import { type EndpointContext, issuerForSession, realmOf } from '../iam/endpoint.ts';
import type { RegistryHost } from '../registry-host.ts';
import { isAlive, type Tokens } from '../tokens.ts';
import { readCliConfig } from './config-file.ts';
import { configFile, configFolder } from './config-folder.ts';

/** A login of the ibmcloud CLI that fits a registry. */
export interface CliSession {
  folder: string;
  issuer: string;
  fingerprint: string;
  /** Its access token, alive or not; '' for none. */
  accessToken: string;
  /** The same, while the CLI itself would go on using it. */
  current: Tokens | null;
  /** The same to its very end. */
  spare: Tokens | null;
}

/** Or why there is none, as doctor says it. */
export type Lookup = { session: CliSession } | { session: null; reason: string };

export async function lookUpSession(host: RegistryHost, context: EndpointContext): Promise<Lookup> {
  const { settings, system } = context;
  if (settings.ibmcloudSession === false) return none('left alone, because ibmcloudSession is false');
  const folder = configFolder(system);
  if (folder === null) return none('no home directory');
  const file = configFile(folder, system);
  const config = await readCliConfig(file);
  switch (config.state) {
    case 'missing':
      return none(`nothing, there is no ${file}`);
    case 'logged out':
      return none(`the CLI is logged out (${file})`);
    case 'damaged':
      return none(`nothing, ${file} ${config.reason}`);
    case 'logged in': {
      const { accessToken, fingerprint, endpoint } = config.login;
      const issuer = issuerForSession(endpoint, context);
      if (issuer === null)
        return none(`of an IAM that is neither IBM's nor iamEndpoint in the settings (${file})`);
      if (realmOf(issuer) !== host.realm) return none(`of another IAM than ${host.name}'s (${file})`);
      const spare = toTokens(accessToken, system.now());
      const current = spare && isAlive(spare, system.now()) ? spare : null;
      const known = { folder, issuer, fingerprint: `ibmcloud:${fingerprint}`, accessToken };
      return { session: { ...known, current, spare } };
    }
  }
}

function none(reason: string): Lookup {
  return { session: null, reason };
}

/** As if it had come to us when IAM made it; null for what is no token of IAM's. */
function toTokens(accessToken: string, now: number): Tokens | null {
  const claims = decodeAccessToken(accessToken);
  if (!claims || claims.issuedAt === null) return null;
  // Never from the future: our clock may be behind.
  const receivedAt = Math.min(claims.issuedAt * 1000, now);
  return { accessToken, receivedAt, expiresIn: claims.expiresAt - receivedAt / 1000 };
}
