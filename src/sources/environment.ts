import type { Credential } from '../credential.ts';
import { type EndpointContext, issuerForEnvironment } from '../iam/endpoint.ts';
import type { RegistryHost } from '../registry-host.ts';
import { Secret } from '../secret.ts';
import { parseApiKey, readApiKeyFile } from './api-key.ts';
import type { CredentialSource } from './source.ts';

/** An API key as the environment gives it: by value, or in a file that it names. */
interface Variable {
  name: string;
  /** The value itself, or the path of the file. */
  value: string;
  isFile: boolean;
}

/** Our own variables: they override everything, also a logout. */
export function ownVariables(context: EndpointContext): CredentialSource {
  const { env } = context.system;
  const file = env['ICR_API_KEY_FILE'];
  const variable = env['ICR_API_KEY']
    ? { name: 'ICR_API_KEY', value: env['ICR_API_KEY'], isFile: false }
    : file && { name: 'ICR_API_KEY_FILE', value: file, isFile: true };
  return { ...environmentSource('ICR_API_KEY', variable || null, context), overridesLogout: true };
}

/** In the order of IBM's Terraform provider, but for the CLI's own variable, which is first. */
const IBM_VARIABLES = ['IBMCLOUD_API_KEY', 'IC_API_KEY', 'BM_API_KEY', 'BLUEMIX_API_KEY'];

/** The variables of IBM's tools; like the CLI, `@file` names a file. */
export function ibmVariables(context: EndpointContext): CredentialSource {
  const name = IBM_VARIABLES.find((variable) => context.system.env[variable]);
  return environmentSource('IBMCLOUD_API_KEY', name ? toVariable(name, context) : null, context);
}

function toVariable(name: string, { system }: EndpointContext): Variable {
  const value = system.env[name] ?? '';
  return value.startsWith('@')
    ? { name, value: value.slice(1), isFile: true }
    : { name, value, isFile: false };
}

/** The ibmcloud CLI's variables for machines that have an identity of their own. */
export function computeVariables(context: EndpointContext): CredentialSource {
  const { env } = context.system;
  const token = 'IBMCLOUD_CR_TOKEN';
  const url = 'IBMCLOUD_CR_VPC_URL';
  return {
    name: `the environment (${!env[token] && env[url] ? url : token})`,
    find: async (host) => {
      if (!env[token] && !env[url]) return null;
      return (await import('./compute-variables.ts')).findByVariables(host, context);
    },
  };
}

/** `usual` is its name where no variable is set. */
function environmentSource(
  usual: string,
  variable: Variable | null,
  context: EndpointContext,
): CredentialSource {
  return {
    name: `the environment (${variable?.name ?? usual})`,
    find: async (host) => variable && toCredential(variable, host, context),
  };
}

function toCredential(variable: Variable, host: RegistryHost, context: EndpointContext): Credential | null {
  const issuer = issuerForEnvironment(host, context, variable.isFile);
  if (issuer === null) return null;
  const { name, value, isFile } = variable;
  const key = isFile ? readApiKeyFile(value, name, context.system) : parseApiKey(value, name);
  // The value itself: a changed variable is another credential. It only goes into an HMAC.
  const place = isFile ? `in the file that ${name} names` : `in ${name}`;
  return { type: 'api-key', fingerprint: `value:${key}`, issuer, place, reveal: async () => new Secret(key) };
}
