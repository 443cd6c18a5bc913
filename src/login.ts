import { answerWith } from './answer.ts';
import { type Exchangeable, secretKind } from './credential.ts';
import { HelperError, isHelperError } from './errors.ts';
import { type HelperOptions, kindFor } from './helper.ts';
import { decodeAccessToken, isSameIdentity, type TokenClaims } from './iam/access-token.ts';
import { issuerForStored } from './iam/endpoint.ts';
import type { Credentials } from './protocol/wire.ts';
import type { RegistryHost } from './registry-host.ts';
import { Secret } from './secret.ts';
import { parseApiKey } from './sources/api-key.ts';
import { findFirst } from './sources/source.ts';
import { storedRenewable } from './sources/stored.ts';
import { emptyRecord, registryRecord } from './stores/records.ts';
import type { NewSecret } from './stores/secret-content.ts';

export interface LoginOptions extends HelperOptions {
  /** The IAM id behind ICR's identity token, or null if nobody can tell. */
  identifySession(session: Secret, host: RegistryHost): Promise<string | null>;
}

/** What a client's login to an ICR host means: a new credential, or our own answer coming back. */
export async function login(
  credentials: Credentials,
  host: RegistryHost,
  options: LoginOptions,
): Promise<void> {
  switch (secretKind(credentials.username)) {
    case 'api-key': {
      const key = parseApiKey(credentials.secret.reveal(), 'the password for user name iamapikey');
      return keepRenewable({ ...credentials, secret: new Secret(key) }, host, options);
    }
    case 'refresh-token':
      return keepRenewable(credentials, host, options);
    case 'verbatim':
      await keepRenewable(credentials, host, options);
      return warnOfUsername(credentials.username, host, options);
    case 'access-token':
      return keepAccessToken(credentials, host, options);
    case 'identity-token':
      return keepIdentityToken(credentials, host, options);
  }
}

/** Replaces whatever was there: a login is how clients change accounts. */
async function keepRenewable(
  credentials: Credentials,
  host: RegistryHost,
  options: LoginOptions,
): Promise<void> {
  if (credentials.secret.reveal() === '') {
    throw new HelperError('bad-input', `the password for user name ${credentials.username} is empty`);
  }
  const isHandedOut = kindFor(host, options.context) === credentials.username;
  if (
    isHandedOut &&
    (await options.roundTrips.isReturn(host)) &&
    (await isOurAnswer(credentials, host, options))
  )
    return;
  await options.context.store.keep(
    registryRecord(host.name),
    newSecret(credentials, host, options),
    (current, stored) => ({
      ...emptyRecord(current),
      renewable: stored,
    }),
  );
}

/** `Profile-<uuid>` is ICR's too; any other name is most likely mistyped. */
function warnOfUsername(username: string, { name }: RegistryHost, options: LoginOptions): void {
  if (/^Profile-[0-9a-f-]{36}$/i.test(username)) return;
  options.context.system.warn(
    `${name} knows no user name ${username} (but iamapikey): the password is kept and handed out as it is, no token is made of it`,
  );
}

async function isOurAnswer(
  credentials: Credentials,
  host: RegistryHost,
  options: LoginOptions,
): Promise<boolean> {
  const found = await findFirst(options.sources, host);
  if (!found) return false;
  const answer = await answerWith(found.credential, kindFor(host, options.context), options.provideTokens);
  return answer?.username === credentials.username && answer.secret.reveal() === credentials.secret.reveal();
}

/**
 * An access token of the identity that we hold a key for is our own coming back. Another's answers
 * until it expires, and the key stays beneath.
 */
async function keepAccessToken(
  credentials: Credentials,
  host: RegistryHost,
  options: LoginOptions,
): Promise<void> {
  const claims = decodeAccessToken(credentials.secret.reveal());
  if (!claims) {
    throw new HelperError('bad-input', 'the password for user name iambearer is not an IAM access token', {
      hint: 'take the token of ibmcloud iam oauth-tokens without "Bearer", or log in as iamapikey',
    });
  }
  if (claims.expiresAt * 1000 <= options.context.system.now()) {
    throw new HelperError('bad-input', 'the access token has expired', {
      hint: 'get a new one and log in again',
    });
  }
  const renewable = await findRenewable(host, options);
  if (renewable && (await isIdentityOf(claims, renewable, options))) return;
  await options.context.store.keep(
    registryRecord(host.name),
    newSecret(credentials, host, options),
    (current, stored) => ({
      ...current,
      session: {
        ...stored,
        first: renewable !== null || current.loggedOut === true,
        expiresAt: claims.expiresAt,
      },
    }),
  );
}

async function isIdentityOf(
  claims: TokenClaims,
  renewable: Renewable,
  options: LoginOptions,
): Promise<boolean> {
  if (typeof renewable === 'string') return false;
  const own = await ownClaims(renewable, options);
  return own !== null && isSameIdentity(own, claims);
}

/** Whose key or session we hold; null if it is worth nothing any more. */
async function ownClaims(renewable: Exchangeable, options: LoginOptions): Promise<TokenClaims | null> {
  try {
    return decodeAccessToken((await options.provideTokens(renewable, 'access-token')).accessToken);
  } catch (error) {
    if (isHelperError(error, 'rejected') || isHelperError(error, 'expired')) return null;
    throw error;
  }
}

/**
 * `<token>`: docker passes on the session that ICR opened for it, and not what was typed. After a
 * bare `docker login` that session is our own answer coming back; but where ICR refused that answer,
 * docker asks for a password in the same process, and the session is a login after all. Kept:
 * - nothing renewable covers the host: it answers;
 * - it is known to be another's than the key that covers the host: it takes the key's place;
 * - what covers the host does not work: it goes before that;
 * - otherwise the key goes on answering, because `<token>` locks `podman login` out.
 */
async function keepIdentityToken(
  credentials: Credentials,
  host: RegistryHost,
  options: LoginOptions,
): Promise<void> {
  const { store, system } = options.context;
  const isReturn = await options.roundTrips.isReturn(host);
  const renewable = await findRenewable(host, options);
  const isBroken = renewable === 'broken';
  const another =
    renewable !== null && (await isKnownAsAnother(credentials.secret, host, renewable, options));
  if (isReturn && !another && !isBroken) return;
  await store.keep(registryRecord(host.name), newSecret(credentials, host, options), (current, stored) =>
    another
      ? { ...emptyRecord(current), loggedOut: true, session: { ...stored, first: true } }
      : { ...current, session: { ...stored, first: isBroken || current.loggedOut === true } },
  );
  system.warn(describeSession(host, another || isBroken ? null : renewable));
}

async function isKnownAsAnother(
  session: Secret,
  host: RegistryHost,
  renewable: Renewable,
  options: LoginOptions,
): Promise<boolean> {
  if (typeof renewable === 'string') return false;
  const iamId = await options.identifySession(session, host);
  if (iamId === null) return false;
  const own = await ownClaims(renewable, options);
  return own === null || own.iamId !== iamId;
}

function describeSession(host: RegistryHost, answering: Renewable | null): string {
  if (answering) {
    const earlier =
      typeof answering !== 'string' && answering.type === 'token'
        ? answering.shows
        : 'the key stored earlier';
    return `docker passed on a registry session and not the key: ${earlier} goes on answering for ${host.name} (to change accounts: docker logout ${host.name}, then log in)`;
  }
  return `docker passed on a registry session and not the key: this login to ${host.name} will run out (to make it last, give the key to docker-credential-icr store)`;
}

/** 'ready' for what is handed out as it is, 'broken' for what nobody stored here and what does not work. */
type Renewable = Exchangeable | 'ready' | 'broken';

/** What can be renewed for this host, also where a session answers before it. */
async function findRenewable(host: RegistryHost, options: LoginOptions): Promise<Renewable | null> {
  const record = await options.context.store.record(registryRecord(host.name));
  const stored = storedRenewable(record, host, options.context);
  if (stored) return stored;
  if (record?.renewable) return 'ready';
  return findAmbient(host, options);
}

/** A variable, a profile, the machine or the CLI: where that fails, to log in is the way out and must not fail with it. */
async function findAmbient(
  host: RegistryHost,
  options: LoginOptions,
): Promise<Exchangeable | 'broken' | null> {
  try {
    const credential = (await findFirst(options.sources, host))?.credential;
    if (!credential || credential.type === 'ready' || credential.type === 'none') return null;
    await options.provideTokens(credential, 'access-token');
    return credential;
  } catch (error) {
    if (!isHelperError(error)) throw error;
    options.context.system.warn(
      `the login is kept; what would answer for ${host.name} fails: ${error.message}`,
    );
    return 'broken';
  }
}

function newSecret({ username, secret }: Credentials, host: RegistryHost, options: LoginOptions): NewSecret {
  return { username, secret, issuer: issuerForStored(host, options.context) };
}
