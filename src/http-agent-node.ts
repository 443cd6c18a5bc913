import { existsSync, readFileSync } from 'node:fs';
import { Agent as HttpAgent } from 'node:http';
import { Agent } from 'node:https';
import * as tls from 'node:tls';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { HelperError } from './errors.ts';
import { findProxy } from './proxy.ts';

/** What Bun's fetch does by itself: verified TLS, the system's authorities, HTTPS_PROXY and NO_PROXY. */
export function agentFor(url: URL, direct: boolean, env = process.env): HttpAgent {
  // Never the global agent, which takes a proxy under NODE_USE_ENV_PROXY.
  if (url.protocol !== 'https:') return new HttpAgent();
  const verified = { rejectUnauthorized: true, ca: authorities(env) };
  const proxy = direct ? null : findProxy(url, env);
  if (!proxy) return new Agent(verified);
  const agent = new HttpsProxyAgent(proxy.url, verified);
  // What it is given is for the way to the proxy; this is for what lies behind it.
  Object.assign(agent.options, verified);
  return agent;
}

/** Where Linux has the authorities that it trusts, in one file: Debian, Fedora, SUSE, Alpine. */
const SYSTEM_FILES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

/** A list of one's own takes the place of Node's, with all that variables have added to that. */
function authorities(env: NodeJS.ProcessEnv): (string | Buffer)[] {
  const more = env['NODE_EXTRA_CA_CERTS'];
  // Node itself warns where it is not there.
  const extra = more && existsSync(more) ? [readNamed('NODE_EXTRA_CA_CERTS', more)] : [];
  return [...tls.rootCertificates, ...system(env), ...extra];
}

/** SSL_CERT_FILE stands for the system's own file, as it does for OpenSSL. */
function system(env: NodeJS.ProcessEnv): (string | Buffer)[] {
  const named = env['SSL_CERT_FILE'];
  if (named) return [readNamed('SSL_CERT_FILE', named)];
  // Since Node 22.15, and the only way on macOS and Windows.
  const { getCACertificates } = tls as { getCACertificates?: (kind: 'system') => string[] };
  if (getCACertificates) return getCACertificates('system');
  const file = SYSTEM_FILES.find((path) => existsSync(path));
  return file === undefined ? [] : [readFileSync(file)];
}

/** The file that a variable names. Fails with `bad-input`: it is no matter of the network. */
function readNamed(variable: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new HelperError('bad-input', `${variable} names ${path}, which cannot be read (${code})`, {
      hint: 'correct or unset it',
      cause,
    });
  }
}
