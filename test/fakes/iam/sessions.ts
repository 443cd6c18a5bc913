import { randomUUID } from 'node:crypto';
import type { Identity } from './identities.ts';
import { IamRefusal } from './refusals.ts';
import { randomText, type SecretOwners } from './secrets.ts';
import type { IamSettings } from './settings.ts';

/** Characters of a real refresh token, which is opaque. */
const REFRESH_TOKEN_LENGTH = 1027;

export interface Session {
  /** `C-<uuid>` */
  readonly id: string;
  readonly identity: Identity;
  /** Whoever wants to refresh must be the same client. */
  readonly client: string;
  account: string;
  usedAt: number;
  ended: boolean;
}

interface RefreshToken {
  readonly session: Session;
  readonly expiresAt: number;
  /** First use, milliseconds since 1970. */
  spentAt: number | null;
}

export type Sessions = ReturnType<typeof createSessions>;

/** Logins with a client, and the refresh tokens that keep them alive. */
export function createSessions(settings: IamSettings, secrets: SecretOwners) {
  const sessions = new Set<Session>();
  const tokens = new Map<string, RefreshToken>();

  /** Checks a refresh token and leaves it as it is: what ICR does with `iamrefresh`. */
  function check(token: string, client: string | null): RefreshToken {
    const found = tokens.get(token);
    if (!found || found.session.client !== client) throw new IamRefusal('BXNIM0407E');
    if (isSpent(found, settings) || found.expiresAt <= settings.now()) throw new IamRefusal('BXNIM0408E');
    requireAlive(found.session, settings);
    return found;
  }

  return {
    open(identity: Identity, client: string): Session {
      const { account } = identity;
      const id = `C-${randomUUID()}`;
      const session = { id, identity, client, account, usedAt: settings.now(), ended: false };
      sessions.add(session);
      return session;
    },
    newRefreshToken(session: Session): string {
      const token = randomText(REFRESH_TOKEN_LENGTH);
      tokens.set(token, {
        session,
        expiresAt: settings.now() + settings.refreshLifetime * 1000,
        spentAt: null,
      });
      secrets.remember(token, session.identity);
      return token;
    },
    check: (token: string, client: string | null) => check(token, client).session,
    /** Uses a refresh token up, unless rotation is off. */
    redeem(token: string, client: string | null): Session {
      const found = check(token, client);
      if (settings.rotateRefreshTokens) found.spentAt ??= settings.now();
      found.session.usedAt = settings.now();
      return found.session;
    },
    /** Ends one session by its id, or all of an identity, as inactivity or an administrator does. */
    invalidate(which: Identity | string): void {
      for (const session of sessions) {
        if (session.id === which || session.identity === which) session.ended = true;
      }
    },
    /** RFC 7009: revoking a refresh token ends its session; unknown tokens are no error. */
    revoke(token: string): void {
      const found = tokens.get(token);
      if (found) found.session.ended = true;
    },
  };
}

function isSpent({ spentAt }: RefreshToken, { now, rotationGrace }: IamSettings): boolean {
  return spentAt !== null && now() - spentAt >= rotationGrace * 1000;
}

function requireAlive(session: Session, settings: IamSettings): void {
  const idle = (settings.now() - session.usedAt) / 1000;
  if (!session.ended && idle < settings.sessionInactivity) return;
  throw new IamRefusal('BXNIM0439E', {
    message: `Session '${session.id}' is invalidated due to inactivity.`,
  });
}
