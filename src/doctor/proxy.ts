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
  return found && { variable: found.name, address: addressOf(found.value) };
}

function addressOf(value: string): string {
  const text = value.includes('://') ? value : `http://${value}`;
  return URL.canParse(text) ? new URL(text).host : 'something that is no URL';
}
