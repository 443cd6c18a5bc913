import type { System } from './system.ts';

/** The variable that names the proxy of a request, as Bun's fetch finds it; null for none. */
export function findProxy(url: URL, env: System['env']): ProxyVariable | null {
  const name = ['https_proxy', 'HTTPS_PROXY'].find((variable) => env[variable]);
  const value = name && env[name];
  if (!name || !value || url.protocol !== 'https:') return null;
  const exceptions = (env['no_proxy'] || env['NO_PROXY'] || '').split(',');
  if (exceptions.some((entry) => isExempt(url, entry.trim()))) return null;
  return { name, url: value.includes('://') ? value : `http://${value}` };
}

export interface ProxyVariable {
  name: string;
  /** Nobody has checked that it is one. May hold the proxy's credentials. */
  url: string;
}

/** `*`, a host, a domain with or without its leading dot; each with an optional port. IPv6 addresses with or without brackets. */
function isExempt(url: URL, entry: string): boolean {
  if (url.hostname.startsWith('['))
    return entry === '*' || entry.replace(/^\[|\]$/g, '') === url.hostname.slice(1, -1);
  const [, name = '', port] = /^\.?(.*?)(?::(\d+))?$/.exec(entry.toLowerCase()) ?? [];
  if (name === '*') return true;
  if (name === '' || (port && port !== (url.port || '443'))) return false;
  return url.hostname === name || url.hostname.endsWith(`.${name}`);
}
