import type { LoadTransport } from './http.ts';

/**
 * node-fetch and what each runtime needs so that the rules of http.ts hold. In Bun the import gives
 * Bun's own fetch, which knows proxies and CA variables; under Node both come from an agent.
 */
export const loadTransport: LoadTransport = async (url, direct) => {
  const fetch = (await import('node-fetch')).default as never;
  if (process.versions['bun']) {
    // Without these BUN_CONFIG_VERBOSE_FETCH prints the API key, and NODE_TLS_REJECT_UNAUTHORIZED=0
    // turns verification off. Of all that `proxy` may be, only false keeps the variables out.
    const options = { verbose: false, tls: { rejectUnauthorized: true }, ...(direct && { proxy: false }) };
    return { fetch, options };
  }
  const { agentFor } = await import('./http-agent-node.ts');
  return { fetch, options: { agent: agentFor(url, direct) } };
};
