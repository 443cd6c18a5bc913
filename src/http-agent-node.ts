import { readFileSync } from 'node:fs';
import { Agent as HttpAgent } from 'node:http';
import { Agent, globalAgent } from 'node:https';
import { rootCertificates } from 'node:tls';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { findProxy } from './proxy.ts';

/** What Bun's fetch does by itself: verified TLS, SSL_CERT_FILE, HTTPS_PROXY and NO_PROXY. */
export function agentFor(url: URL, direct: boolean, env = process.env): HttpAgent {
  // Never the global agent, which takes a proxy under NODE_USE_ENV_PROXY.
  if (url.protocol !== 'https:') return new HttpAgent();
  const tls = { rejectUnauthorized: true, ...authorities(env) };
  const proxy = direct ? null : findProxy(url, env);
  return proxy ? new HttpsProxyAgent(proxy.value, tls) : new Agent(tls);
}

function authorities(env: NodeJS.ProcessEnv): { ca?: (string | Buffer)[] } {
  const file = env['SSL_CERT_FILE'];
  if (!file) return globalAgent.options.ca ? { ca: [globalAgent.options.ca as string] } : {};
  return { ca: [...rootCertificates, readFileSync(file)] };
}
