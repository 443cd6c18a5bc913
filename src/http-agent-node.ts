import { readFileSync } from 'node:fs';
import type { Agent as HttpAgent } from 'node:http';
import { Agent, globalAgent } from 'node:https';
import { rootCertificates } from 'node:tls';
import { HttpsProxyAgent } from 'https-proxy-agent';

/** What Bun's fetch does by itself: verified TLS, SSL_CERT_FILE, HTTPS_PROXY and NO_PROXY. */
export function agentFor(url: URL, env = process.env): HttpAgent | undefined {
  if (url.protocol !== 'https:') return undefined;
  const tls = { rejectUnauthorized: true, ...authorities(env) };
  const proxy = proxyFor(url, env);
  return proxy ? new HttpsProxyAgent(proxy, tls) : new Agent(tls);
}

function authorities(env: NodeJS.ProcessEnv): { ca?: (string | Buffer)[] } {
  const file = env['SSL_CERT_FILE'];
  if (!file) return globalAgent.options.ca ? { ca: [globalAgent.options.ca as string] } : {};
  return { ca: [...rootCertificates, readFileSync(file)] };
}

function proxyFor(url: URL, env: NodeJS.ProcessEnv): string | undefined {
  const proxy = env['https_proxy'] || env['HTTPS_PROXY'];
  const exceptions = (env['no_proxy'] || env['NO_PROXY'] || '').split(',').map((entry) => entry.trim());
  return proxy && !exceptions.some((entry) => isExempt(url, entry)) ? proxy : undefined;
}

/** `*`, a host, a domain with or without its leading dot; each with an optional port. */
function isExempt(url: URL, entry: string): boolean {
  const [, name = '', port] = /^\.?(.*?)(?::(\d+))?$/.exec(entry.toLowerCase()) ?? [];
  if (name === '*') return true;
  if (name === '' || (port && port !== (url.port || '443'))) return false;
  return url.hostname === name || url.hostname.endsWith(`.${name}`);
}
