import { explain } from '../explain.ts';
import type { System } from '../system.ts';
import { type Finding, failure } from './check.ts';
import { proxyFor } from './proxy.ts';

/** A service that gave no answer: what stands between it and us, and what to do about that. */
export function unreachable(error: unknown, url: URL, system: System): Finding {
  const { message, hint } = explain(error);
  const better = hintFor(hint, url, system);
  return failure(message, { detail: describeWay(url, system), ...(better && { hint: better }) });
}

function hintFor(hint: string | undefined, url: URL, { env }: System): string | undefined {
  const isCertificate = hint?.includes('SSL_CERT_FILE') ?? false;
  if (isCertificate) return hint;
  const proxy = proxyFor(url, env);
  if (proxy) return `check that the proxy ${proxy.address} runs, or correct or unset ${proxy.variable}`;
  if (!url.hostname.startsWith('private.')) return hint;
  return 'private names answer only from within IBM Cloud: use the public one elsewhere';
}

/** Variables that name certificates to trust beside the system's. */
const AUTHORITIES = ['SSL_CERT_FILE', 'SSL_CERT_DIR', 'NODE_EXTRA_CA_CERTS'];

export function authoritiesIn({ env }: System): { name: string; path: string }[] {
  return AUTHORITIES.flatMap((name) => (env[name] ? [{ name, path: env[name] }] : []));
}

/** The proxy and the certificates that are in force, by the names of the variables. */
export function describeWay(url: URL, system: System): string {
  const proxy = proxyFor(url, system.env);
  const authorities = authoritiesIn(system).map(({ name, path }) => `${name}=${path}`);
  return [
    proxy ? `through the proxy ${proxy.address} (${proxy.variable})` : 'without a proxy',
    authorities.length > 0
      ? `certificates also from ${authorities.join(', ')}`
      : 'certificates of the system',
  ].join('; ');
}
