import type { Identity } from './identities.ts';
import { randomText, type SecretOwners } from './secrets.ts';
import type { IamSettings } from './settings.ts';

/** RFC 6749, 4.1.2: a code lives for a short time; IAM's own limit is not published. */
const CODE_LIFETIME = 60_000;

export interface AuthorizationCode {
  readonly identity: Identity;
  readonly client: string;
  readonly redirectUri: string;
  /** RFC 7636, S256; null if the request for the code had none. */
  readonly challenge: string | null;
}

export type Tickets = ReturnType<typeof createTickets>;

/** Short-lived secrets that some other place gives out: a browser or a compute resource. */
export function createTickets(settings: IamSettings, secrets: SecretOwners) {
  const passcodes = new Map<string, Identity>();
  const crTokens = new Map<string, readonly Identity[]>();
  const codes = new Map<string, AuthorizationCode & { expiresAt: number }>();

  /** The same for a token that somebody else made: a cluster whose key IAM knows. */
  function trustCrToken(token: string, ...profiles: [Identity, ...Identity[]]): void {
    crTokens.set(token, profiles);
    secrets.remember(token, profiles[0]);
  }

  return {
    addPasscode(identity: Identity): string {
      const passcode = randomText(10);
      passcodes.set(passcode, identity);
      secrets.remember(passcode, identity);
      return passcode;
    },
    takePasscode: (passcode: string) => take(passcodes, passcode),

    /** What a pod or a job finds in its token file, if these profiles trust its compute resource. */
    addCrToken(...profiles: [Identity, ...Identity[]]): string {
      // The look of a projected service account token; IAM alone can tell whether it is one.
      const token = `eyJ${randomText(97)}.${randomText(400)}.${randomText(342)}`;
      trustCrToken(token, ...profiles);
      return token;
    },
    trustCrToken,
    profilesOfCrToken: (token: string) => crTokens.get(token) ?? [],

    addCode(code: AuthorizationCode): string {
      const value = randomText(43);
      codes.set(value, { ...code, expiresAt: settings.now() + CODE_LIFETIME });
      secrets.remember(value, code.identity);
      return value;
    },
    takeCode(value: string): AuthorizationCode | null {
      const code = take(codes, value);
      return code && code.expiresAt > settings.now() ? code : null;
    },
  };
}

/** Single use: reading removes. */
function take<T>(from: Map<string, T>, key: string): T | null {
  const value = from.get(key) ?? null;
  from.delete(key);
  return value;
}
