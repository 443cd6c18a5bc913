import { decodeStrict, parseGoDuration, type Struct } from './go-json.ts';

/**
 * Kubernetes' own types, field by field.
 * Response: staging/src/k8s.io/kubelet/pkg/apis/credentialprovider/v1/types.go.
 * Config: staging/src/k8s.io/kubelet/config/v1/types.go, with what
 * pkg/credentialprovider/plugin/config.go checks (v1.34).
 */
export const PROVIDER_API = 'credentialprovider.kubelet.k8s.io/v1';

const TYPE_META: Struct = { apiVersion: { type: 'string' }, kind: { type: 'string' } };

const RESPONSE: Struct = {
  ...TYPE_META,
  cacheKeyType: { type: 'string' },
  cacheDuration: { type: 'duration', optional: true },
  auth: { type: { map: { username: { type: 'string' }, password: { type: 'string' } } }, optional: true },
};

export interface Response {
  cacheKeyType: string;
  /** Milliseconds; null where the plugin left it to the configuration. */
  cacheMs: number | null;
  auth: Record<string, { username: string; password: string }>;
}

export function decodeResponse(text: string): Response {
  const { apiVersion, kind, cacheKeyType, cacheDuration, auth } = decodeStrict(text, RESPONSE);
  if (apiVersion !== PROVIDER_API)
    throw new Error('apiVersion from credential plugin response did not match expected apiVersion');
  if (kind !== 'CredentialProviderResponse')
    throw new Error('failed to decode CredentialProviderResponse, unexpected Kind');
  return {
    cacheKeyType: String(cacheKeyType),
    cacheMs: (cacheDuration ?? null) === null ? null : parseGoDuration(cacheDuration),
    auth: (auth ?? {}) as Response['auth'],
  };
}

const TOKEN_ATTRIBUTES: Struct = {
  serviceAccountTokenAudience: { type: 'string' },
  cacheType: { type: 'string' },
  requireServiceAccount: { type: 'boolean' },
  requiredServiceAccountAnnotationKeys: { type: { list: 'string' }, optional: true },
  optionalServiceAccountAnnotationKeys: { type: { list: 'string' }, optional: true },
};

const PROVIDER: Struct = {
  name: { type: 'string' },
  matchImages: { type: { list: 'string' } },
  defaultCacheDuration: { type: 'duration' },
  apiVersion: { type: 'string' },
  args: { type: { list: 'string' }, optional: true },
  env: { type: { list: { name: { type: 'string' }, value: { type: 'string' } } }, optional: true },
  tokenAttributes: { type: { struct: TOKEN_ATTRIBUTES }, optional: true },
};

const CONFIG: Struct = { ...TYPE_META, providers: { type: { list: PROVIDER } } };

export interface ProviderConfig {
  name: string;
  matchImages: string[];
  defaultCacheDuration: string;
  apiVersion: string;
  args?: string[];
  env?: { name: string; value: string }[];
  tokenAttributes?: {
    serviceAccountTokenAudience: string;
    cacheType: 'ServiceAccount' | 'Token';
    requireServiceAccount: boolean;
    requiredServiceAccountAnnotationKeys?: string[];
    optionalServiceAccountAnnotationKeys?: string[];
  };
}

/** Reads and validates a CredentialProviderConfig; the kubelet does not start with a wrong one. */
export function decodeConfig(text: string): ProviderConfig[] {
  const config = decodeStrict(text, CONFIG);
  if (config['kind'] !== 'CredentialProviderConfig')
    throw new Error(`failed to decode "${config['kind']}" (wrong Kind)`);
  if (config['apiVersion'] !== 'kubelet.config.k8s.io/v1') throw new Error('unexpected Group or version');
  const providers = config['providers'] as ProviderConfig[];
  if (providers.length === 0) throw new Error('at least 1 item in plugins is required');
  if (new Set(providers.map(({ name }) => name)).size < providers.length)
    throw new Error('duplicate provider name');
  for (const provider of providers) validate(provider);
  return providers;
}

function validate({ name, apiVersion, matchImages, defaultCacheDuration, tokenAttributes }: ProviderConfig) {
  const problems = [
    [/[/ ]|^\.\.?$/.test(name) || name === '', `provider name ${name}`],
    [apiVersion !== PROVIDER_API, `apiVersion ${apiVersion}`],
    [matchImages.length === 0, 'at least 1 item in matchImages is required'],
    [matchImages.some((image) => !URL.canParse(`https://${image.replaceAll('*', 'x')}`)), 'match image'],
    [parseGoDuration(defaultCacheDuration) < 0, 'defaultCacheDuration'],
  ] as const;
  for (const [isWrong, what] of problems) if (isWrong) throw new Error(`Invalid value: ${what}`);
  if (tokenAttributes) validateTokenAttributes(tokenAttributes);
}

/** A qualified name: a DNS subdomain as its prefix, and a label-like name. */
const ANNOTATION = /^(?:[a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[a-z0-9](?:[-\w.]{0,61}[a-z0-9])?$/;

function validateTokenAttributes(attributes: NonNullable<ProviderConfig['tokenAttributes']>): void {
  const required = attributes.requiredServiceAccountAnnotationKeys ?? [];
  const optional = attributes.optionalServiceAccountAnnotationKeys ?? [];
  const problems = [
    [attributes.serviceAccountTokenAudience === '', 'serviceAccountTokenAudience'],
    [!['ServiceAccount', 'Token'].includes(attributes.cacheType), 'cacheType'],
    [
      !attributes.requireServiceAccount && required.length > 0,
      'requireServiceAccount cannot be false when requiredServiceAccountAnnotationKeys is set',
    ],
    [[...required, ...optional].some((key) => !ANNOTATION.test(key.toLowerCase())), 'annotation key'],
    [new Set([...required, ...optional]).size < required.length + optional.length, 'annotation key twice'],
  ] as const;
  for (const [isWrong, what] of problems) if (isWrong) throw new Error(`Invalid value: ${what}`);
}
