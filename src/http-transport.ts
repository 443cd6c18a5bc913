import type { Fetch } from './http.ts';

interface Transport {
  fetch: Fetch;
  options: object;
}

/**
 * node-fetch and what each runtime needs so that the rules of http.ts hold. In Bun the import gives
 * Bun's own fetch, which knows proxies and CA variables; under Node both come from an agent.
 */
export async function loadTransport(url: URL): Promise<Transport> {
  const fetch = (await import('node-fetch')).default as unknown as Fetch;
  if (process.versions['bun']) {
    // Without these BUN_CONFIG_VERBOSE_FETCH prints the API key, and NODE_TLS_REJECT_UNAUTHORIZED=0
    // turns verification off.
    return { fetch, options: { verbose: false, tls: { rejectUnauthorized: true } } };
  }
  const { agentFor } = await import('./http-agent-node.ts');
  return { fetch, options: { agent: agentFor(url) } };
}
