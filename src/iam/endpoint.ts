import type { Settings } from '../config/settings.ts';
import { HelperError } from '../errors.ts';
import type { Realm, RegistryHost } from '../registry-host.ts';
import type { System } from '../system.ts';

/**
 * Which IAM a secret may be sent to. Issuers are base URLs without a trailing slash:
 * `https://iam.cloud.ibm.com`.
 */
const PRODUCTION = 'https://iam.cloud.ibm.com';
const STAGING = 'https://iam.test.cloud.ibm.com';

/** IBM's own names, private and regional ones included: `private.us-south.iam.cloud.ibm.com`. */
const IBM_IAM = /^https:\/\/(?:private\.)?(?:[a-z0-9-]+\.)?iam\.(?:test\.)?cloud\.ibm\.com$/;

/** Discovery names hosts further below: `identity-3.us-east.iam.cloud.ibm.com`. */
const BELOW_IBM_IAM = /^https:\/\/(?:[a-z0-9-]+\.)*iam\.(?:test\.)?cloud\.ibm\.com$/;

const VARIABLE = 'IBMCLOUD_IAM_API_ENDPOINT';

/** For which registry a secret is used. */
export type IamUser = Pick<RegistryHost, 'realm' | 'isPrivate'>;

export interface EndpointContext {
  system: System;
  settings: Settings;
}

/**
 * For a secret that was handed over for a registry. When it is stored: the settings, or IBM's IAM.
 * From then on where it was verified; settings and environment count only from one of IBM's hosts to
 * another, since docker compose before 2.40 lets a project's .env into our environment, and with it
 * the place of the settings.
 */
export function issuerForStored(
  { realm, isPrivate }: IamUser,
  context: EndpointContext,
  verifiedWith?: string,
): string {
  const configured = issuerFromSettings(context.settings, isPrivate);
  const usable = configured && realmOf(configured) === realm ? configured : undefined;
  const home = verifiedWith ?? usable ?? (realm === 'staging' ? STAGING : PRODUCTION);
  const named = usable ?? issuerFromVariable(context.system, { strict: false });
  const sameFamily = named && IBM_IAM.test(named) && IBM_IAM.test(home) && realmOf(named) === realm;
  return sameFamily ? named : home;
}

/**
 * For a secret from the environment: the variable, the settings, or IBM's IAM. Null where that
 * IAM does not know the registry's users. `fromFile`: the environment only names the file, so that
 * who controls the environment has not yet got the secret; it goes to IBM or where the settings say.
 */
export function issuerForEnvironment(
  { realm, isPrivate }: IamUser,
  context: EndpointContext,
  fromFile: boolean,
): string | null {
  const named = issuerFromVariable(context.system, { strict: true });
  const configured = issuerFromSettings(context.settings, isPrivate);
  if (named && fromFile && !IBM_IAM.test(named) && named !== configured) {
    throw new HelperError(
      'bad-input',
      `${VARIABLE} names ${named}, which is not IBM's: nothing from a file is sent there`,
      {
        hint: 'put iamEndpoint into the settings file if that is where the key belongs',
      },
    );
  }
  const issuer = named ?? configured ?? PRODUCTION;
  if (fromFile) requireIssuerForFiles(issuer);
  return realmOf(issuer) === realm ? issuer : null;
}

/**
 * For a session of another program, which says itself where it belongs. Null for what is neither IBM's
 * nor named in the settings: nothing is sent there, and nothing from there is handed out.
 */
export function issuerForSession(named: string, { settings }: EndpointContext): string | null {
  try {
    const issuer = parseIssuer(named, 'the session');
    const configured = () => [false, true].map((isPrivate) => issuerFromSettings(settings, isPrivate));
    return IBM_IAM.test(issuer) || configured().includes(issuer) ? issuer : null;
  } catch {
    return null;
  }
}

/**
 * For a key file that the settings name: it belongs to the IAM that the settings name, which is
 * production's where they name none. Null where that IAM does not know the registry's users.
 */
export function issuerForSettings(registry: IamUser, context: EndpointContext): string | null {
  const configured = issuerFromSettings(context.settings, registry.isPrivate);
  if (realmOf(configured ?? PRODUCTION) !== registry.realm) return null;
  const issuer = issuerForStored(registry, context);
  requireIssuerForFiles(issuer);
  return issuer;
}

/**
 * Whoever controls the environment can name any file of ours, and through XDG_CONFIG_HOME other
 * settings: what is in a key file or token file goes to IBM, or stays on this machine.
 */
export function requireIssuerForFiles(issuer: string): void {
  if (IBM_IAM.test(issuer) || isLoopback(new URL(issuer).hostname)) return;
  throw new HelperError('bad-input', `${issuer} is not IBM's: nothing from a file is sent there`, {
    hint: 'log in with a key, or give it in ICR_API_KEY',
  });
}

/** Whether a page that an IAM names may be shown to a person: IBM's own, or of the very origin that was asked. */
export function isTrustedPage(page: URL, issuer: string): boolean {
  if (page.username || page.password) return false;
  const asked = new URL(issuer);
  // The origin of a blob: URL is that of the page within.
  if (page.protocol === 'https:' && BELOW_IBM_IAM.test(page.origin)) return true;
  return page.protocol === asked.protocol && page.origin === asked.origin;
}

function issuerFromSettings(settings: Settings, isPrivate: boolean): string | undefined {
  const key = isPrivate && settings.privateIamEndpoint !== undefined ? 'privateIamEndpoint' : 'iamEndpoint';
  const value = settings[key];
  return value === undefined ? undefined : parseIssuer(value, `${key} in the settings`);
}

function issuerFromVariable(system: System, options: { strict: boolean }): string | undefined {
  const value = system.env[VARIABLE];
  if (!value) return undefined;
  try {
    return parseIssuer(value, VARIABLE);
  } catch (error) {
    if (options.strict) throw error;
    return undefined;
  }
}

/** Whose users an IAM knows. */
export function realmOf(issuer: string): Realm {
  return /(?:^|\.)iam\.test\.cloud\.ibm\.com$/.test(new URL(issuer).hostname) ? 'staging' : 'production';
}

/** Tools give the base URL, or the token URL itself (IBM's SDKs strip the path too). */
export function parseIssuer(value: string, where: string): string {
  const url = URL.canParse(value) ? new URL(value) : null;
  const problem = url === null ? 'is not a URL' : problemOf(url);
  if (url === null || problem) {
    throw new HelperError('bad-input', `${where} ${problem}`, {
      hint: `set it to a URL such as ${PRODUCTION}`,
    });
  }
  const path = url.pathname.replace(/\/+$/, '').replace(/\/identity(?:\/token)?$/, '');
  return `${url.origin}${path}`;
}

function problemOf(url: URL): string | null {
  if (url.username || url.password || url.search || url.hash) return 'holds more than scheme, host and path';
  if (url.protocol === 'https:') return null;
  return url.protocol === 'http:' && isLoopback(url.hostname) ? null : 'does not begin with https://';
}

/** Literal addresses only: a name can be pointed elsewhere. */
function isLoopback(hostname: string): boolean {
  return hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}
