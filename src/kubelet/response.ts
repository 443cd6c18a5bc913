import type { Secret } from '../secret.ts';
import { API_VERSION } from './request.ts';

/** By what the kubelet remembers the answer: this image, or all images of its registry. */
export type CacheKeyType = 'Image' | 'Registry';

export interface KubeletResponse {
  cacheKeyType: CacheKeyType;
  /** Milliseconds; null leaves it to `defaultCacheDuration` of the kubelet's configuration. */
  cacheMs: number | null;
  /** Null where nobody answers: the kubelet pulls without a credential. */
  auth: { pattern: string; username: string; secret: Secret } | null;
}

/**
 * The CredentialProviderResponse. Nothing may stand in it but what v1 knows: the kubelet decodes
 * strictly, and then pulls without a credential.
 */
export function formatResponse({ cacheKeyType, cacheMs, auth }: KubeletResponse): string {
  return JSON.stringify({
    apiVersion: API_VERSION,
    kind: 'CredentialProviderResponse',
    cacheKeyType,
    // A Go duration. Down to whole seconds, so that it never is longer than what is left of a token.
    ...(cacheMs !== null && { cacheDuration: `${Math.floor(cacheMs / 1000)}s` }),
    auth: auth ? { [auth.pattern]: { username: auth.username, password: auth.secret.reveal() } } : {},
  });
}
