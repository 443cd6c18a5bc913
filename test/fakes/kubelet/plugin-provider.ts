import { parseGoDuration } from './go-json.ts';
import { lookUp, matches } from './match.ts';
import { decodeResponse, PROVIDER_API, type ProviderConfig } from './types.ts';

export interface Pod {
  namespace: string;
  serviceAccount: { name: string; uid: string; annotations: Record<string, string> };
  /** A token of this pod, bound to it. */
  token: string;
}

export interface PluginProviderOptions {
  config: ProviderConfig;
  now(): number;
  /** Runs the plugin; what it wrote to stdout. */
  exec(request: string): Promise<string>;
}

export type Auth = Record<string, { username: string; password: string }>;

interface Entry {
  auth: Auth;
  expiresAt: number;
}

/**
 * The kubelet's side of an image credential provider (pkg/credentialprovider/plugin/plugin.go,
 * v1.34): which images it asks for, what it writes, how it reads the answer, and how long it
 * remembers what. Whatever goes wrong is logged there, and the image is pulled without a credential;
 * here it is thrown. Left out: the metrics, and that pulls of one image at once share one call.
 */
export function createPluginProvider({ config, now, exec }: PluginProviderOptions) {
  const cache = new Map<string, Entry>();
  const attributes = config.tokenAttributes;

  /** What it has in memory for this image; undefined where the plugin is to be asked. */
  function recall(image: string, pod?: Pod): Auth | undefined {
    for (const base of [image, registryOf(image), 'global']) {
      const entry = cache.get(keyOf(base, pod));
      if (entry && now() <= entry.expiresAt) return entry.auth;
    }
    return undefined;
  }

  async function ask(image: string, pod?: Pod): Promise<Auth> {
    const response = decodeResponse(await exec(JSON.stringify(requestFor(image, pod))));
    const values = Object.values(response.auth);
    if (pod && attributes?.cacheType !== 'Token' && values.some(({ password }) => password === pod.token))
      throw new Error('Credential provider plugin returned the service account token as the password');
    const cacheMs = response.cacheMs ?? parseGoDuration(config.defaultCacheDuration);
    const base = baseKey(response.cacheKeyType, image);
    if (cacheMs !== 0) cache.set(keyOf(base, pod), { auth: response.auth, expiresAt: now() + cacheMs });
    return response.auth;
  }

  /** Field order and omitempty as encoding/json has them. */
  function requestFor(image: string, pod: Pod | undefined) {
    return {
      kind: 'CredentialProviderRequest',
      apiVersion: PROVIDER_API,
      image,
      ...(pod && { serviceAccountToken: pod.token }),
      ...(pod && Object.keys(passed(pod)).length > 0 && { serviceAccountAnnotations: passed(pod) }),
    };
  }

  function passed({ serviceAccount }: Pod): Record<string, string> {
    const keys = [
      ...(attributes?.requiredServiceAccountAnnotationKeys ?? []),
      ...(attributes?.optionalServiceAccountAnnotationKeys ?? []),
    ];
    return Object.fromEntries(
      Object.entries(serviceAccount.annotations).filter(([key]) => keys.includes(key)),
    );
  }

  function keyOf(base: string, pod: Pod | undefined): string {
    if (!pod) return base;
    const { namespace, serviceAccount, token } = pod;
    const own = [namespace, serviceAccount.name, serviceAccount.uid, passed(pod)];
    return JSON.stringify([base, own, attributes?.cacheType === 'Token' && token]);
  }

  const isMissing = (pod: Pod) =>
    (attributes?.requiredServiceAccountAnnotationKeys ?? []).some(
      (key) => !Object.hasOwn(pod.serviceAccount.annotations, key),
    );

  return {
    recall,
    /** What the runtime is given to try, in this order; none is a pull without a credential. */
    async provide(image: string, pod?: Pod) {
      if (!config.matchImages.some((pattern) => matches(pattern, image))) return [];
      const account = attributes ? pod : undefined;
      if (attributes?.requireServiceAccount && !account) return [];
      if (account && isMissing(account)) return [];
      return lookUp(recall(image, account) ?? (await ask(image, account)), image);
    },
  };
}

function baseKey(cacheKeyType: string, image: string): string {
  switch (cacheKeyType) {
    case 'Image':
      return image;
    case 'Registry':
      return registryOf(image);
    case 'Global':
      return 'global';
    default:
      throw new Error(`credential provider plugin did not return a valid cacheKeyType: "${cacheKeyType}"`);
  }
}

function registryOf(image: string): string {
  return image.split('/')[0] ?? '';
}
