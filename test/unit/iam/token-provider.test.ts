import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { type GrantKind, NO_SLOT, type TokenSlot } from '../../../src/cache/token-slot.ts';
import type {
  ApiKeyCredential,
  Exchangeable,
  SessionCredential,
  TokenCredential,
} from '../../../src/credential.ts';
import { HelperError } from '../../../src/errors.ts';
import { type Grant, refreshTokenGrant } from '../../../src/iam/grants.ts';
import { isRotating, provideTokens } from '../../../src/iam/token-provider.ts';
import type { AcquireOptions, PublishedFailure } from '../../../src/lock/lock.ts';
import { Secret } from '../../../src/secret.ts';
import type { Tokens } from '../../../src/tokens.ts';
import { createFakeLock } from '../../support/lock-fake.ts';
import { createMemorySlot } from '../../support/memory-slot.ts';

const MINUTE = 60_000;
let now = 0;
let slot: TokenSlot;
let exchange: (grant: Grant) => Promise<Tokens>;
let exchanges = 0;

const apiKey: ApiKeyCredential = {
  type: 'api-key',
  fingerprint: 'id',
  issuer: 'https://iam.cloud.ibm.com',
  reveal: async () => new Secret('key'),
};

beforeEach(() => {
  now = 1_800_000_000_000;
  exchanges = 0;
  slot = memorySlot();
  exchange = async () => ({ accessToken: `token ${exchanges}`, receivedAt: now, expiresIn: 3600 });
});

const memorySlot = () => createMemorySlot(createFakeLock());

function provide(credential: Exchangeable = apiKey, grant: GrantKind = 'access-token', startedAt = now) {
  return provideTokens(credential, grant, {
    openSlot: async () => slot,
    exchange: (grant) => {
      exchanges++;
      return exchange(grant);
    },
    wakeNetwork: async () => {},
    http: async () => {
      throw new Error('no network here');
    },
    now: () => now,
    patienceMs: 12_000,
    startedAt,
  });
}

describe('when IAM cannot be reached', () => {
  const fail = (code: 'unreachable' | 'rejected') => {
    exchange = async () => {
      throw new HelperError(code, 'no');
    };
  };

  it('an older token with a minute left serves', async () => {
    const first = await provide();
    now += 59 * MINUTE;
    fail('unreachable');
    expect(await provide()).toEqual(first);
    now += 1;
    await expect(provide()).rejects.toMatchObject({ code: 'unreachable' });
  });

  it('but not when IAM says no', async () => {
    await provide();
    now += 30 * MINUTE;
    fail('rejected');
    await expect(provide()).rejects.toMatchObject({ code: 'rejected' });
  });

  it('and not one from the future', async () => {
    await provide();
    now -= 30 * MINUTE;
    fail('unreachable');
    await expect(provide()).rejects.toMatchObject({ code: 'unreachable' });
  });
});

describe('one exchange', () => {
  it('for all who ask at once, and one failure', async () => {
    const asked = Promise.all([provide(), provide(), provide()]);
    expect(new Set((await asked).map(({ accessToken }) => accessToken)).size).toBe(1);
    expect(exchanges).toBe(1);
  });

  it('with no place to agree: a key is exchanged by each, a session by none', async () => {
    slot = NO_SLOT;
    await Promise.all([provide(), provide()]);
    expect(exchanges).toBe(2);
    const session: SessionCredential = { ...apiKey, type: 'session', replace: async () => {} };
    await expect(provide(session)).rejects.toMatchObject({ code: 'busy' });
    expect(exchanges).toBe(2);
  });
});

describe('a session', () => {
  it('keeps the successor of its refresh token before it hands out the access token', async () => {
    let stored = 'first';
    const session: SessionCredential = {
      ...apiKey,
      type: 'session',
      reveal: async () => new Secret(stored),
      replace: async (successor) => {
        expect(await slot.read()).toBeNull();
        stored = successor.reveal();
      },
    };
    exchange = async (grant) => {
      expect(grant.form).toEqual({ grant_type: 'refresh_token', refresh_token: 'first' });
      return { accessToken: 'a', refreshToken: 'second', receivedAt: now, expiresIn: 3600 };
    };
    await provide(session);
    expect(stored).toBe('second');
  });
});

describe('a token', () => {
  it('is taken from the cache while three quarters of its life are left', async () => {
    const first = await provide();
    now += 15 * MINUTE;
    expect(await provide()).toEqual(first);
    expect(exchanges).toBe(1);
    now += 1;
    await provide();
    expect(exchanges).toBe(2);
  });

  it('is made from the key, for the issuer, with a session where one is wanted', async () => {
    const grants: Grant[] = [];
    exchange = async (grant) => {
      grants.push(grant);
      return { accessToken: 'a', receivedAt: now, expiresIn: 3600 };
    };
    await provide();
    slot = memorySlot();
    await provide(apiKey, 'session');
    expect(grants.map(({ form, asCliClient }) => [form['apikey'], asCliClient])).toEqual([
      ['key', false],
      ['key', true],
    ]);
  });

  it.each(['with a lock', 'alone'])('is used once where it cannot be kept, %s', async (how) => {
    const write = () => Promise.reject(new Error('ENOSPC'));
    slot = { ...slot, write, ...(how === 'alone' && { openLock: async () => null }) };
    expect(await provide()).toMatchObject({ accessToken: 'token 1' });
    expect(await slot.read()).toBeNull();
  });

  it('is kept by whoever made it alone, where there is a cache and no lock', async () => {
    slot = { ...slot, openLock: async () => null };
    await provide();
    expect(await provide()).toMatchObject({ accessToken: 'token 1' });
    expect(exchanges).toBe(1);
  });
});

describe('the lock', () => {
  const wanted: AcquireOptions<unknown>[] = [];
  const published: (PublishedFailure | undefined)[] = [];
  let stillHeld = true;

  /** A slot whose lock answers as told and shows what it was asked for. */
  const lockThat = (outcome: 'held' | 'timeout' | 'breaks' | PublishedFailure): TokenSlot => ({
    ...memorySlot(),
    openLock: async () => ({
      acquire: async (options) => {
        wanted.push(options as AcquireOptions<unknown>);
        if (outcome === 'breaks') throw new Error('EROFS');
        if (outcome === 'timeout') return { outcome };
        if (outcome !== 'held') return { outcome: 'failed', failure: outcome };
        return {
          outcome,
          lock: { isStillHeld: () => stillHeld, release: (failure) => void published.push(failure) },
        };
      },
    }),
  });

  beforeEach(() => {
    wanted.length = 0;
    published.length = 0;
    stillHeld = true;
  });

  const token = (changes: Partial<TokenCredential>): TokenCredential => ({
    type: 'token',
    fingerprint: 'id',
    issuer: apiKey.issuer,
    shows: 'it',
    obtain: ({ exchange: ask }) => ask(refreshTokenGrant(new Secret('any')), apiKey.issuer),
    ...changes,
  });

  it('is waited for a little longer than an exchange takes; failures since our start are ours', async () => {
    slot = lockThat('held');
    await provide(apiKey, 'access-token', now - 500);
    expect(wanted).toMatchObject([{ waitMs: 13_000, adoptFailuresSince: now - 500 }]);
    expect(published).toEqual([undefined]);
  });

  it('shares a failure for as long as the credential says, and no shorter than since our start', async () => {
    slot = lockThat('held');
    const current = { accessToken: 'a', receivedAt: now, expiresIn: 3600 };
    await provide(token({ failuresLastMs: MINUTE, obtain: async () => current }));
    slot = lockThat('held');
    await provide(token({ failuresLastMs: 10, obtain: async () => current }), 'access-token', now - 500);
    expect(wanted.map(({ adoptFailuresSince }) => adoptFailuresSince)).toEqual([now - MINUTE, now - 500]);
  });

  it('that another failed under tells us how', async () => {
    slot = lockThat({ code: 'rejected', message: 'no', hint: 'log in', endedAt: now });
    await expect(provide()).rejects.toMatchObject({ code: 'rejected', message: 'no', hint: 'log in' });
    slot = lockThat({ code: 'expired', message: 'over', endedAt: now });
    await expect(provide()).rejects.toMatchObject({ code: 'expired', message: 'over', hint: undefined });
    expect(exchanges).toBe(0);
  });

  it.each(['timeout', 'breaks'] as const)(
    'that %s: a key is exchanged all the same, and kept',
    async (outcome) => {
      slot = lockThat(outcome);
      await provide();
      expect(await slot.read()).toMatchObject({ accessToken: 'token 1' });
    },
  );

  it.each([
    ['timeout', 'another process is renewing the session', 'try again in a minute'],
    ['breaks', 'the session cannot be renewed safely', 'make ~/.local/share writable'],
  ] as const)('that %s: a session is not', async (outcome, message, hint) => {
    slot = lockThat(outcome);
    const session: SessionCredential = { ...apiKey, type: 'session', replace: async () => {} };
    const refused = {
      code: 'busy',
      message: expect.stringContaining(message),
      hint: expect.stringContaining(hint),
    };
    await expect(provide(session)).rejects.toMatchObject(refused);
    await expect(provide(token({ rotates: true }))).rejects.toMatchObject(refused);
    expect(exchanges).toBe(0);
  });

  it.each(['rejected', 'unreachable', 'expired'] as const)('hands on a failure that is %s', async (code) => {
    slot = lockThat('held');
    exchange = () => Promise.reject(new HelperError(code, 'no', { hint: 'do' }));
    await expect(provide()).rejects.toMatchObject({ code });
    expect(published).toEqual([{ code, message: 'no', hint: 'do', endedAt: now }]);
  });

  it('hands on nothing that may be another for others, and no hint where there is none', async () => {
    slot = lockThat('held');
    for (const error of [new HelperError('store-unreachable', 'locked'), new Error('a mistake')]) {
      exchange = () => Promise.reject(error);
      await expect(provide()).rejects.toBe(error);
    }
    exchange = () => Promise.reject(new HelperError('rejected', 'no'));
    await expect(provide()).rejects.toMatchObject({ code: 'rejected' });
    expect(published).toEqual([undefined, undefined, { code: 'rejected', message: 'no', endedAt: now }]);
  });

  it('that was lost meanwhile: the token is used and not kept, the session not even asked for', async () => {
    slot = lockThat('held');
    stillHeld = false;
    expect(await provide()).toMatchObject({ accessToken: 'token 1' });
    expect(await slot.read()).toBeNull();
    const session: SessionCredential = { ...apiKey, type: 'session', replace: async () => {} };
    await expect(provide(session)).rejects.toMatchObject({ code: 'busy' });
    expect(exchanges).toBe(1);
  });

  it('is not asked for where a token is at hand', async () => {
    slot = lockThat('breaks');
    const current = { accessToken: 'at hand', receivedAt: now, expiresIn: 3600 };
    expect(await provide(token({ current }))).toBe(current);
    expect(wanted).toEqual([]);
  });

  it('a spare token serves where no new one is to be had, but not where that is refused', async () => {
    slot = NO_SLOT;
    const spare = { accessToken: 'spare', receivedAt: now - 50 * MINUTE, expiresIn: 3600 };
    const failing = (code: 'unreachable' | 'rejected' | 'expired') =>
      token({ spare, obtain: () => Promise.reject(new HelperError(code, 'no')) });
    expect(await provide(failing('unreachable'))).toBe(spare);
    await expect(provide(failing('rejected'))).rejects.toMatchObject({ code: 'rejected' });
    await expect(provide(failing('expired'))).rejects.toMatchObject({ code: 'expired' });
    now += 10 * MINUTE;
    await expect(provide(failing('unreachable'))).rejects.toMatchObject({ code: 'unreachable' });
  });

  it('what is used up by its use is a session, and what says so', () => {
    const session: SessionCredential = { ...apiKey, type: 'session', replace: async () => {} };
    const all = [apiKey, session, token({}), token({ rotates: true })];
    expect(all.map(isRotating)).toEqual([false, true, false, true]);
  });
});

it('what is made from another identity is given its tokens, anything else none', async () => {
  const given: (Tokens | undefined)[] = [];
  const of = (fingerprint: string, base?: ApiKeyCredential): TokenCredential => ({
    type: 'token',
    fingerprint,
    issuer: apiKey.issuer,
    shows: 'it',
    ...(base && { base }),
    obtain: async (services) => {
      expect('base' in services).toBe(base !== undefined);
      given.push(services.base);
      return { accessToken: fingerprint, receivedAt: now, expiresIn: 3600 };
    },
  });
  slot = NO_SLOT;
  await provide(of('assumed', apiKey));
  await provide(of('machine'));
  expect(given.map((tokens) => tokens?.accessToken)).toEqual(['token 1', undefined]);
  expect(exchanges).toBe(1);
});

describe('the refresh token of a session', () => {
  it('is written back before it is shown, and kept as it is where there is no successor', async () => {
    const kept: string[] = [];
    const session: SessionCredential = {
      ...apiKey,
      type: 'session',
      replace: async (successor) => {
        expect(exchanges).toBe(0);
        kept.push(successor.reveal());
      },
    };
    await provide(session);
    expect(kept).toEqual(['key']);
  });
});

describe('an identity that is made from another', () => {
  const assumed: TokenCredential = {
    type: 'token',
    fingerprint: 'assumed',
    issuer: 'https://iam.cloud.ibm.com',
    shows: 'the trusted profile',
    base: apiKey,
    obtain: (services) =>
      services.exchange(refreshTokenGrant(new Secret('any')), 'https://iam.cloud.ibm.com'),
  };

  it('has both exchanges in the time of one, and the base’s before its own lock is taken', async () => {
    let clock = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => clock);
    onTestFinished(() => void vi.restoreAllMocks());
    const slots = new Map([
      ['id', memorySlot()],
      ['assumed', memorySlot()],
    ]);
    const log: string[] = [];
    const tokens = await provideTokens(assumed, 'access-token', {
      wakeNetwork: async () => {},
      openSlot: async ({ fingerprint }, grant) => {
        log.push(`${grant} of ${fingerprint}`);
        const open = slots.get(fingerprint) ?? memorySlot();
        const openLock = async () => {
          log.push(`lock of ${fingerprint}`);
          return open.openLock();
        };
        return { ...open, openLock };
      },
      exchange: async (grant, _, ms) => {
        log.push(`${grant.shows} in ${ms} ms`);
        clock += 11_000;
        return { accessToken: grant.shows, receivedAt: now, expiresIn: 3600 };
      },
      http: async () => {
        throw new Error('no network here');
      },
      now: () => now,
      startedAt: now,
      patienceMs: 12_000,
    });
    expect(tokens.accessToken).toBe('refresh token');
    expect(log).toEqual([
      'access-token of assumed',
      `access-token of ${apiKey.fingerprint}`,
      `lock of ${apiKey.fingerprint}`,
      'API key in 12000 ms',
      'lock of assumed',
      'refresh token in 3000 ms',
    ]);
  });
});
