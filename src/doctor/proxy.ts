import type { System } from '../system.ts';

export interface Proxy {
  variable: string;
  /** Host and port, without the credentials that the variable may hold. */
  address: string;
}

/** The proxy that a request takes, as the runtime's fetch and http-agent-node.ts find it. */
export function proxyFor(url: URL, env: System['env']): Proxy | null {
  const variable = ['https_proxy', 'HTTPS_PROXY'].find((name) => env[name]);
  if (variable === undefined || url.protocol !== 'https:') return null;
  const exceptions = (env['no_proxy'] || env['NO_PROXY'] || '').split(',');
  if (exceptions.some((entry) => isExempt(url, entry.trim()))) return null;
  return { variable, address: addressOf(env[variable] ?? '') };
}

function addressOf(value: string): string {
  const text = value.includes('://') ? value : `http://${value}`;
  return URL.canParse(text) ? new URL(text).host : 'something that is no URL';
}

/** `*`, a host, a domain with or without its leading dot; each with an optional port. */
function isExempt(url: URL, entry: string): boolean {
  const [, name = '', port] = /^\.?(.*?)(?::(\d+))?$/.exec(entry.toLowerCase()) ?? [];
  if (name === '*') return true;
  if (name === '' || (port && port !== (url.port || '443'))) return false;
  return url.hostname === name || url.hostname.endsWith(`.${name}`);
}
