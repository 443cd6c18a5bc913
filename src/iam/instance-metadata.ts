import type { ComputeIdentity } from '../config/settings.ts';
import { HelperError } from '../errors.ts';
import type { Http, HttpResponse } from '../http.ts';
import { parseObject } from '../json-object.ts';
import { isLifetime, type Tokens } from '../tokens.ts';
import { NAME, VERSION } from '../version.ts';
import type { TrustedProfile } from './trusted-profile.ts';

/** Virtual servers, of VPC and of Power. */
export type InstanceKind = Exclude<ComputeIdentity, 'container'>;

/** All requests together: the service is next door, and one that is disabled never answers at all. */
const DEADLINE_MS = 5_000;

/** Seconds; the instance token is shown once and at once. What IBM's SDKs ask for. */
const INSTANCE_TOKEN_LIFETIME = 300;

interface ApiVersion {
  date: string;
  instanceToken: string;
  iamToken: string;
}

const V1: ApiVersion = {
  date: '2022-03-01',
  instanceToken: '/instance_identity/v1/token',
  iamToken: '/instance_identity/v1/iam_token',
};
const V2: ApiVersion = {
  date: '2025-08-26',
  instanceToken: '/identity/v1/token',
  iamToken: '/identity/v1/iam_tokens',
};

/**
 * In VPC what IBM's SDKs ask for unless they are told otherwise goes first: every instance has known
 * it since 2022, while nothing says where version 2 has arrived. Version 2 is asked where version 1
 * is gone (404), and that costs one request of a millisecond. Power began with version 2 (IBM docs:
 * "Authenticating Power Virtual Server instances with trusted profiles").
 */
const VERSIONS: Record<InstanceKind, readonly [ApiVersion, ...ApiVersion[]]> = {
  vpc: [V1, V2],
  'power-vs': [V2],
};

const DEFAULT_URLS: Record<InstanceKind, string> = {
  vpc: 'http://169.254.169.254',
  'power-vs': 'https://api.metadata.power-iaas.cloud.ibm.com',
};

/** In clear text only where nothing leaves the machine: to its own host, or to itself. */
const LINK_LOCAL = 'http://169.254.169.254';
const NAMES = ['https://api.metadata.cloud.ibm.com', 'https://api.metadata.power-iaas.cloud.ibm.com'];
const LOOPBACK = /^http:\/\/(?:127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?$/;

export function defaultMetadataUrl(kind: InstanceKind): string {
  return DEFAULT_URLS[kind];
}

/**
 * The base URL of a metadata service: one of IBM's, or one on this machine. Anybody else could hand
 * us the identity of somebody else. Fails with `settings`.
 */
export function parseMetadataUrl(value: string, where: string): string {
  const url = URL.canParse(value) ? new URL(value) : null;
  const isBase = url && !url.username && !url.password && !url.search && !url.hash && url.pathname === '/';
  if (isBase && (url.origin === LINK_LOCAL || NAMES.includes(url.origin) || LOOPBACK.test(url.origin)))
    return url.origin;
  throw new HelperError('settings', `${where} is not the address of an instance metadata service`, {
    hint: `set it to ${[LINK_LOCAL, ...NAMES].join(' or ')}, without a path`,
  });
}

export interface Instance {
  kind: InstanceKind;
  /** As parseMetadataUrl gives it. */
  url: string;
  /** Null: the one that is the instance's default. */
  profile: TrustedProfile | null;
}

/**
 * Access tokens of a trusted profile, by the instance's own identity (IBM docs: VPC Identity API;
 * npm ibm-cloud-sdk-core: VpcInstanceTokenManager). Fails with `rejected` where the service says no,
 * with `unreachable` where no sensible answer came within 5 s.
 */
export async function requestInstanceTokens(
  instance: Instance,
  http: Http,
  now: () => number,
): Promise<Tokens> {
  const ask = createAsk(instance, http, now);
  const { version, token } = await requestInstanceToken(instance, ask);
  const body = instance.profile && JSON.stringify({ trusted_profile: profileReference(instance.profile) });
  const response = await ask('POST', version.iamToken, version, { Authorization: `Bearer ${token}` }, body);
  if (isSuccess(response)) {
    const { access_token, expires_in } = parseObject(response.body) ?? {};
    if (isToken(access_token) && isLifetime(expires_in))
      return { accessToken: access_token, receivedAt: now(), expiresIn: expires_in };
    throw nonsense(instance);
  }
  const whom = instance.profile
    ? 'link the trusted profile to this instance in IAM (Trusted profiles, Trust relationship)'
    : 'name a trusted profile (trustedProfile in the settings), or give the instance a default one';
  throw refusal(response, instance, { what: 'gives no IAM token', hint: whom, secret: token });
}

async function requestInstanceToken(instance: Instance, ask: Ask) {
  const body = JSON.stringify({ expires_in: INSTANCE_TOKEN_LIFETIME });
  for (const version of VERSIONS[instance.kind]) {
    const response = await ask('PUT', version.instanceToken, version, {}, body);
    if (response.status === 404) continue;
    if (!isSuccess(response)) {
      const hint = 'see whether the metadata service of this instance is enabled';
      throw refusal(response, instance, { what: 'gives no instance token', hint });
    }
    const { access_token: token } = parseObject(response.body) ?? {};
    if (isToken(token)) return { version, token };
    throw nonsense(instance);
  }
  throw new HelperError('unreachable', `${hostOf(instance)} is no instance metadata service (HTTP 404)`, {
    hint: disabledHint(instance),
  });
}

type Ask = (
  method: 'PUT' | 'POST',
  path: string,
  version: ApiVersion,
  headers: Record<string, string>,
  body: string | null,
) => Promise<HttpResponse>;

function createAsk(instance: Instance, http: Http, now: () => number): Ask {
  const deadline = now() + DEADLINE_MS;
  return async (method, path, version, headers, body) => {
    try {
      return await http({
        method,
        url: `${instance.url}${path}?version=${version.date}`,
        headers: {
          Accept: 'application/json',
          'Content-Type': 'application/json',
          'User-Agent': `${NAME}/${VERSION}`,
          // No browser and no redirected request can be made to send it.
          'Metadata-Flavor': 'ibm',
          ...headers,
        },
        ...(body !== null && { body }),
        direct: true,
        // The wall clock may be set back meanwhile.
        timeoutMs: Math.min(DEADLINE_MS, Math.max(1, deadline - now())),
      });
    } catch (error) {
      if (!(error instanceof HelperError)) throw error;
      // Proxies and certificates have nothing to do with it, but this has.
      throw new HelperError(error.code, error.message, { hint: disabledHint(instance), cause: error });
    }
  };
}

function profileReference(profile: TrustedProfile): Record<string, string> {
  if ('id' in profile) return { id: profile.id };
  return 'crn' in profile ? { crn: profile.crn } : { name: profile.name };
}

interface Refused {
  what: string;
  hint: string;
  /** What must not come back in a message. */
  secret?: string;
}

function refusal(response: HttpResponse, instance: Instance, { what, hint, secret }: Refused): HelperError {
  const message = `the metadata service ${hostOf(instance)} ${what}: ${describeError(response, secret)}`;
  const passes = response.status === 429 || response.status >= 500;
  return passes
    ? new HelperError('unreachable', message, { hint: 'try again in a minute' })
    : new HelperError('rejected', message, { hint });
}

/** The error container of IBM's APIs, or the status alone: whatever else it is, is not quoted. */
function describeError({ status, body }: HttpResponse, secret?: string): string {
  const { errors } = parseObject(body) ?? {};
  const { code, message } = (Array.isArray(errors) && errors[0]) || {};
  if (typeof message !== 'string') return `HTTP ${status}`;
  // Before anything is cut off: the first half of a secret is too much as well.
  const show = (text: string, length: number) =>
    (secret ? text.replaceAll(secret, '[secret]') : text).slice(0, length);
  const text = show(message, 300).replace(/\.$/, '');
  return `${text} (${typeof code === 'string' ? `${show(code, 40)}, ` : ''}HTTP ${status})`;
}

function nonsense(instance: Instance): HelperError {
  return new HelperError('unreachable', `${hostOf(instance)} sent something that is no token`, {
    hint: 'see whether metadataUrl names the metadata service of this instance',
  });
}

function disabledHint({ kind }: Instance): string {
  const where = kind === 'vpc' ? 'VPC' : 'Power Virtual Server';
  return `the metadata service may be disabled for this instance: enable it in ${where}, or remove what says that this is one (computeIdentity, IBMCLOUD_CR_VPC_URL)`;
}

function hostOf({ url }: Instance): string {
  return new URL(url).host;
}

/** IBM's documentation has 200 in places and 201 in others. */
function isSuccess({ status }: HttpResponse): boolean {
  return status === 200 || status === 201;
}

function isToken(value: unknown): value is string {
  return typeof value === 'string' && /^[!-~]+$/.test(value);
}
