import { beforeEach, describe, expect, it, vi } from 'vitest';
import { NO_SLOT, type TokenSlot } from '../../src/cache/token-slot.ts';
import type { ApiKeyCredential, SessionCredential, TokenCredential } from '../../src/credential.ts';
import { HelperError } from '../../src/errors.ts';
import { type Grant, refreshTokenGrant } from '../../src/iam/grants.ts';
import { provideTokens } from '../../src/iam/token-provider.ts';
import { Secret } from '../../src/secret.ts';
import type { Tokens } from '../../src/tokens.ts';
import { createFakeLock } from '../support/lock-fake.ts';

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

function memorySlot(): TokenSlot {
  let kept: Tokens | null = null;
  const lock = createFakeLock();
  return {
    read: async () => kept,
    write: async (tokens) => {
      kept = tokens;
    },
    remove: async () => {
      kept = null;
    },
    openLock: async () => lock,
  };
}

function provide(credential: ApiKeyCredential | SessionCredential = apiKey) {
  return provideTokens(credential, 'access-token', {
    openSlot: async () => slot,
    exchange: (grant) => {
      exchanges++;
      return exchange(grant);
    },
    http: async () => {
      throw new Error('no network here');
    },
    now: () => now,
    patienceMs: 12_000,
    startedAt: now,
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
    const slots = new Map([
      ['id', memorySlot()],
      ['assumed', memorySlot()],
    ]);
    const log: string[] = [];
    const tokens = await provideTokens(assumed, 'access-token', {
      openSlot: async ({ fingerprint }) => {
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
    vi.restoreAllMocks();
    expect(tokens.accessToken).toBe('refresh token');
    expect(log).toEqual([
      `lock of ${apiKey.fingerprint}`,
      'API key in 12000 ms',
      'lock of assumed',
      'refresh token in 3000 ms',
    ]);
  });
});
