import { findProxy } from '../proxy.ts';
import type { System } from '../system.ts';

export interface Proxy {
  variable: string;
  /** Host and port, without the credentials that the variable may hold. */
  address: string;
}

/** The proxy that a request takes, fit to be shown. */
export function proxyFor(url: URL, env: System['env']): Proxy | null {
  const found = findProxy(url, env);
  return found && { variable: found.name, address: addressOf(found.url) };
}

function addressOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'something that is no URL';
}
