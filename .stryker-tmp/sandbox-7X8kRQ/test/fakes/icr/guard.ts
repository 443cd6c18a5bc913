import { bearerToken, type Handler } from '../http.ts';
import { challengeFor } from './challenge.ts';
import { RegistryRefusal, registryError } from './refusals.ts';
import type { RegistryTokens } from './registry-tokens.ts';
import { covers, requiredAccess } from './required-access.ts';

/** Puts the token check of a real registry before one that has none. */
export function guarded(registry: Handler, tokens: RegistryTokens): Handler {
  return async (request) => {
    const wanted = requiredAccess(request);
    const token = bearerToken(request);
    const granted = token ? tokens.accessOf(token) : null;
    if (granted && covers(granted, wanted)) return registry(request);
    const error = !token ? undefined : granted ? 'insufficient_scope' : 'invalid_token';
    const refusal = registryError(new RegistryRefusal('UNAUTHORIZED', 'authentication required'));
    refusal.headers.set('www-authenticate', challengeFor(request, wanted, error));
    refusal.headers.set('docker-distribution-api-version', 'registry/2.0');
    return refusal;
  };
}
