import type { LoadTransport } from './http.ts';

/**
 * node-fetch and what each runtime needs so that the rules of http.ts hold. In Bun the import gives
 * Bun's own fetch, which knows proxies and CA variables; under Node both come from an agent.
 */
export const loadTransport: LoadTransport = async (url, direct) => {
  const fetch = (await import('node-fetch')).default as never;
  if (process.versions['bun']) {
    // Without `verbose` BUN_CONFIG_VERBOSE_FETCH prints the API key. Of all that `proxy` may be, only
    // false keeps the variables out.
    const options = { verbose: false, ...(isLax() && STRICT), ...(direct && { proxy: false }) };
    return { fetch, options };
  }
  const { agentFor } = await import('./http-agent-node.ts');
  return { fetch, options: { agent: agentFor(url, direct) } };
};

/** Whether the environment turns verification off, unless a request says otherwise. */
function isLax(): boolean {
  return process.env['NODE_TLS_REJECT_UNAUTHORIZED'] !== undefined;
}

/** Costs a connection of its own: one that was begun before is not taken. */
const STRICT = { tls: { rejectUnauthorized: true } };

interface Preconnecting {
  preconnect?(url: string): void;
}

/**
 * Begins a connection that the next request to this place takes; also reading the system's
 * certificates, which takes longer. Not where the environment has something to say about the way.
 */
export function preconnectTo(url: URL): void {
  if (!process.versions['bun'] || isLax() || namesProxy()) return;
  // It wants a port even where that is the usual one.
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  try {
    (globalThis.fetch as Preconnecting).preconnect?.(`${url.protocol}//${url.hostname}:${port}`);
  } catch {
    // The request itself says what is wrong.
  }
}

function namesProxy(): boolean {
  return Object.entries(process.env).some(([name, value]) => value && /^(?:https?|all)_proxy$/i.test(name));
}
