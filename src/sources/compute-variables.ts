import type { TokenCredential } from '../credential.ts';
import { HelperError } from '../errors.ts';
import { parseComputeToken, readComputeToken } from '../iam/compute-token.ts';
import { type EndpointContext, issuerForEnvironment } from '../iam/endpoint.ts';
import { parseTrustedProfile, type TrustedProfile } from '../iam/trusted-profile.ts';
import type { RegistryHost } from '../registry-host.ts';
import { containerCredential, instanceCredential } from './compute-identity.ts';

/** IBM docs: CLI, "Environment variables". */
const TOKEN = 'IBMCLOUD_CR_TOKEN';
const PROFILE = 'IBMCLOUD_CR_PROFILE';
const METADATA_URL = 'IBMCLOUD_CR_VPC_URL';

/** A container's token, by value or as `@file`, or else the metadata service of a virtual server in VPC. */
export function findByVariables(host: RegistryHost, context: EndpointContext): TokenCredential | null {
  const { env, now } = context.system;
  const profile = env[PROFILE] ? parseTrustedProfile(env[PROFILE], undefined, PROFILE) : null;
  if (env[TOKEN]) return containerOf(env[TOKEN], profile, host, context);
  const url = env[METADATA_URL];
  if (!url || host.realm !== 'production') return null;
  return instanceCredential({ kind: 'vpc', url, profile }, METADATA_URL, now);
}

function containerOf(
  value: string,
  profile: TrustedProfile | null,
  host: RegistryHost,
  context: EndpointContext,
): TokenCredential | null {
  const path = value.startsWith('@') ? value.slice(1) : null;
  const issuer = issuerForEnvironment(host, context, path !== null);
  if (issuer === null) return null;
  if (profile === null) {
    throw new HelperError('bad-input', `${TOKEN} is set, but ${PROFILE} names no trusted profile`, {
      hint: `set ${PROFILE} to the id, CRN or name of one that trusts this container, or unset ${TOKEN}`,
    });
  }
  if (path !== null) {
    const token = () => readComputeToken({ path, name: TOKEN });
    return containerCredential({ token, fingerprint: `file:${path}`, issuer, profile });
  }
  const token = parseComputeToken(value, TOKEN);
  return containerCredential({
    token: () => token,
    fingerprint: `value:${token.reveal()}`,
    issuer,
    profile,
  });
}
