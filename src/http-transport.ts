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

interface Preconnecting {
  preconnect?(url: string): void;
}

/** A port of this machine that nobody listens on (tcpmux, RFC 1078). */
const NOBODY = 'https://127.0.0.1:1';

/**
 * Bun reads the system's certificates before its first https connection, which takes longer than the
 * connection: 6 ms with Debian's. Called early it does so in its thread, while the keychain is asked.
 * Not by way of the IAM that will be asked: preconnect takes no URL with the usual port, knows no
 * proxy, and verifies as the environment likes.
 */
export function wakeTls(): void {
  if (process.versions['bun']) (globalThis.fetch as Preconnecting).preconnect?.(NOBODY);
}
