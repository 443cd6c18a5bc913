import type { GrantKind, TokenSlot } from '../cache/token-slot.ts';
import type { Exchangeable, SessionCredential, TokenServices } from '../credential.ts';
import { type ErrorCode, HelperError, isHelperError } from '../errors.ts';
import type { HeldLock, PublishedFailure } from '../lock/lock.ts';
import { Secret } from '../secret.ts';
import { isFresh, isUsable, type Tokens } from '../tokens.ts';
import { apiKeyGrant, type Grant, refreshTokenGrant } from './grants.ts';

/** Beyond what an exchange may take: whoever holds the lock is done by then, or dead. */
const SPARE_MS = 1000;
/** For one more try after that, and the least that is worth one. */
const LAST_TRY_MS = 1000;

export interface TokenProviderOptions {
  /** In at most so many milliseconds. */
  exchange(grant: Grant, issuer: string, ms: number): Promise<Tokens>;
  /** Before an exchange that follows soon. */
  wakeNetwork(): Promise<void>;
  http: TokenServices['http'];
  openSlot(credential: Exchangeable, grant: GrantKind): Promise<TokenSlot>;
  now(): number;
  /** When this process began, ms since 1970: failures of others after it are answers to us too. */
  startedAt: number;
  /** What an exchange may take. */
  patienceMs: number;
}

/** Tokens from the cache, or by one exchange however many processes ask at once. */
export function provideTokens(
  credential: Exchangeable,
  grant: GrantKind,
  options: TokenProviderOptions,
): Promise<Tokens> {
  // For all exchanges and waits together: an assumed profile needs two of each.
  const until = performance.now() + options.patienceMs + SPARE_MS + LAST_TRY_MS;
  return provide(credential, grant, { ...options, until });
}

interface Work extends TokenProviderOptions {
  /** By performance.now(). */
  until: number;
}

function leftMs({ until }: Work): number {
  return Math.max(LAST_TRY_MS, until - performance.now());
}

async function provide(credential: Exchangeable, grant: GrantKind, options: Work): Promise<Tokens> {
  if (credential.type === 'token' && credential.current) return credential.current;
  const slot = await options.openSlot(credential, grant);
  const fresh = async () => {
    const tokens = await slot.read();
    return tokens && isFresh(tokens, options.now()) ? tokens : undefined;
  };
  const cached = await fresh();
  if (cached) return cached;
  try {
    return await renew(credential, grant, slot, fresh, options);
  } catch (error) {
    // Whatever stands in the way of a new token; but what IAM has refused is not handed out.
    const isRefused = isHelperError(error, 'rejected') || isHelperError(error, 'expired');
    const spare = credential.type === 'token' ? credential.spare : undefined;
    const last = isRefused ? null : ((await slot.read()) ?? spare);
    if (last && isUsable(last, options.now())) return last;
    throw error;
  }
}

async function renew(
  credential: Exchangeable,
  grant: GrantKind,
  slot: TokenSlot,
  fresh: () => Promise<Tokens | undefined>,
  options: Work,
): Promise<Tokens> {
  // Before our own lock is taken: no claim on it may run out meanwhile.
  const base =
    credential.type === 'token' && credential.base
      ? await provide(credential.base, 'access-token', options)
      : undefined;
  const turn = await takeTurn(credential, slot, fresh, options);
  const exchange = (lock: HeldLock | null) => exchangeOnce(credential, grant, { lock, base }, options);
  switch (turn.outcome) {
    case 'ready':
      return turn.value;
    case 'failed':
      throw fromPublished(turn.failure);
    case 'held':
      return work(turn.lock, slot, () => exchange(turn.lock), options);
    case 'alone':
    case 'timeout': {
      // Two exchanges of a key do no harm; two uses of a refresh token may end the session.
      if (isRotating(credential)) throw turn.outcome === 'timeout' ? SESSION_BUSY : SESSION_ALONE;
      const tokens = await exchange(null);
      await keep(tokens, slot, null);
      return tokens;
    }
  }
}

const SESSION_BUSY = new HelperError(
  'busy',
  'another process is renewing the session and does not come to an end',
  { hint: 'try again in a minute' },
);

const SESSION_ALONE = new HelperError(
  'busy',
  'the session cannot be renewed safely: no folder for the lock can be written to',
  { hint: 'make ~/.local/share writable for this user' },
);

/** Whether what the tokens are made from may be used up by that. */
export function isRotating(credential: Exchangeable): boolean {
  return credential.type === 'session' || (credential.type === 'token' && credential.rotates === true);
}

async function takeTurn(
  credential: Exchangeable,
  slot: TokenSlot,
  poll: () => Promise<Tokens | undefined>,
  options: Work,
) {
  const lock = await slot.openLock();
  if (!lock) return { outcome: 'alone' as const };
  const failuresLastMs = credential.type === 'token' ? (credential.failuresLastMs ?? 0) : 0;
  const adoptFailuresSince = Math.min(options.startedAt, options.now() - failuresLastMs);
  try {
    const waitMs = Math.min(options.patienceMs + SPARE_MS, leftMs(options));
    return await lock.acquire({ waitMs, poll, adoptFailuresSince });
  } catch (error) {
    // It says what is in the way, where the lock cannot be done without.
    if (isHelperError(error, 'busy') && isRotating(credential)) throw error;
    // A folder that cannot be written to: there is no cache either.
    return { outcome: 'alone' as const };
  }
}

async function work(
  lock: HeldLock,
  slot: TokenSlot,
  exchange: () => Promise<Tokens>,
  options: TokenProviderOptions,
): Promise<Tokens> {
  let failure: PublishedFailure | undefined;
  try {
    const tokens = await exchange();
    await keep(tokens, slot, lock);
    return tokens;
  } catch (error) {
    failure = toPublished(error, options.now());
    throw error;
  } finally {
    lock.release(failure);
  }
}

async function keep(tokens: Tokens, slot: TokenSlot, lock: HeldLock | null): Promise<void> {
  try {
    if (lock === null || lock.isStillHeld()) await slot.write(tokens);
  } catch {
    // What cannot be kept is used once.
  }
}

async function exchangeOnce(
  credential: Exchangeable,
  grant: GrantKind,
  { lock, base }: { lock: HeldLock | null; base: Tokens | undefined },
  options: Work,
): Promise<Tokens> {
  const exchange = (shown: Grant, issuer: string) =>
    options.exchange(shown, issuer, Math.min(options.patienceMs, leftMs(options)));
  if (credential.type === 'token')
    return credential.obtain({ exchange, http: options.http, ...(base && { base }) });
  // The keychain and the certificates both take their time: they may take it together.
  await options.wakeNetwork();
  if (credential.type === 'session') return renewSession(credential, lock, exchange);
  return exchange(
    apiKeyGrant(await credential.reveal(), grant === 'session', credential.place),
    credential.issuer,
  );
}

async function renewSession(
  credential: SessionCredential,
  lock: HeldLock | null,
  exchange: TokenServices['exchange'],
): Promise<Tokens> {
  // Read now, under the lock: another process may have replaced it since this one began.
  const current = await credential.reveal();
  // Written back as it is: where its successor could not be kept, the old one must not be burnt.
  await credential.replace(current);
  // A keychain may have kept us waiting for longer than a claim lives.
  if (!lock?.isStillHeld()) throw SESSION_BUSY;
  const tokens = await exchange(refreshTokenGrant(current), credential.issuer);
  // Kept before it is used: the old one may be worthless already.
  if (tokens.refreshToken) await credential.replace(new Secret(tokens.refreshToken));
  return tokens;
}

const PUBLISHED: readonly ErrorCode[] = ['rejected', 'unreachable', 'expired'];

/** Only what IAM says is the same for everybody; a store may open for others and not for us. */
function toPublished(error: unknown, now: number): PublishedFailure | undefined {
  if (!isHelperError(error) || !PUBLISHED.includes(error.code)) return undefined;
  const { code, message, hint } = error;
  return { code, message, ...(hint !== undefined && { hint }), endedAt: now };
}

function fromPublished({ code, message, hint }: PublishedFailure): HelperError {
  return new HelperError(code, message, hint === undefined ? {} : { hint });
}
