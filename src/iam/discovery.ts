import { HelperError } from '../errors.ts';
import type { Http } from '../http.ts';
import { parseObject } from '../json-object.ts';
import { NAME, VERSION } from '../version.ts';
import { isTrustedPage } from './endpoint.ts';

const TIMEOUT_MS = 12_000;

/** Pages for people, as IAM's discovery document names them (OpenID Connect Discovery, and IBM's own). */
export type PageName = 'passcode_endpoint' | 'authorization_endpoint';

/**
 * Asks the IAM at `issuer` where a page is. Fails with `unreachable` where it does not say, or names
 * a host that is neither IBM's nor its own: a person would type a password there.
 */
export async function discoverPage(name: PageName, issuer: string, http: Http): Promise<URL> {
  const { host } = new URL(issuer);
  const response = await http({
    method: 'GET',
    url: `${issuer}/identity/.well-known/openid-configuration`,
    headers: { Accept: 'application/json', 'User-Agent': `${NAME}/${VERSION}` },
    timeoutMs: TIMEOUT_MS,
  });
  const document = response.status === 200 ? parseObject(response.body) : null;
  if (!document) {
    throw new HelperError('unreachable', `${host} answered HTTP ${response.status}, but not as IAM does`, {
      hint: 'check for a proxy or captive portal in between, or try again in a minute',
    });
  }
  const address = document[name];
  if (typeof address !== 'string' || !URL.canParse(address)) {
    throw new HelperError('unreachable', `IAM at ${host} names no ${name}`, {
      hint: 'log in with an API key',
    });
  }
  const page = new URL(address);
  if (isTrustedPage(page, issuer)) return page;
  throw new HelperError(
    'unreachable',
    `IAM at ${host} names ${page.protocol}//${page.host} as its ${name}, which is neither IBM's nor its own: not used`,
    { hint: 'check for a proxy in between and iamEndpoint in the settings, or log in with an API key' },
  );
}
