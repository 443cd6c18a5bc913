import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cacheDuration } from '../../../src/kubelet/cache-duration.ts';
import { formatResponse } from '../../../src/kubelet/response.ts';
import { Secret } from '../../../src/secret.ts';
import { decodeResponse } from '../../fakes/kubelet/types.ts';
import { unsignedToken } from '../../support/unsigned-token.ts';

const NOW = Date.UTC(2026, 10, 21);
const secret = new Secret('x');
const of = (username: string, expiresAt?: number) =>
  cacheDuration({ username, secret, ...(expiresAt !== undefined && { expiresAt }) }, NOW, 0.5);

describe('how long the kubelet keeps an answer', () => {
  it('is never as long as its token lives, whatever chance says', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -1000, max: 8e7 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (left, random) => {
          const cacheMs = cacheDuration(
            { username: 'iambearer', secret, expiresAt: NOW + left },
            NOW,
            random,
          );
          const text = formatResponse({
            cacheKeyType: 'Registry',
            cacheMs,
            auth: { pattern: 'icr.io', username: 'iambearer', secret },
          });
          const kept = decodeResponse(text).cacheMs ?? Number.NaN;
          expect(kept).toBeGreaterThanOrEqual(0);
          if (left > 0) expect(kept).toBeLessThanOrEqual(left * 0.8);
          else expect(kept).toBe(0);
        },
      ),
    );
  });

  it('spreads over a fifth of a new token’s life', () => {
    const hour = { username: 'iambearer', secret, expiresAt: NOW + 3_600_000 };
    expect([0, 1].map((random) => cacheDuration(hour, NOW, random))).toEqual([36 * 60_000, 48 * 60_000]);
  });

  it('is the claim’s for a token that a client stored, and nothing for one that cannot be read', () => {
    const jwt = new Secret(unsignedToken({ iam_id: 'IBMid-1', exp: NOW / 1000 + 1000 }));
    expect(cacheDuration({ username: 'iambearer', secret: jwt }, NOW, 0)).toBe(600_000);
    expect(of('iambearer')).toBe(0);
  });

  it('is the kubelet’s own for what does not run out, and nothing for refresh tokens, whose end nobody knows', () => {
    expect(of('iamapikey')).toBeNull();
    expect(of('Profile-00000000-0000-0000-0000-000000000000')).toBeNull();
    expect(of('iamrefresh')).toBe(0);
  });

  it('is refused for docker’s own session', () => {
    expect(() => of('<token>')).toThrow('session of docker');
  });
});
