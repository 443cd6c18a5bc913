/** Everything about the double that a test may set, at any time: `iam.tokenLifetime = 20`. */
export interface IamSettings {
  /** Seconds. IBM docs: up to 60 minutes; 15 and 20 minutes were seen. */
  tokenLifetime: number;
  /** Seconds. IBM docs: up to 72 hours. */
  refreshLifetime: number;
  /** Seconds without a refresh after which a session ends (BXNIM0439E). IBM docs: configurable. */
  sessionInactivity: number;
  /** Whether clients get refresh tokens; without, all are answered with "not_supported". */
  givesRefreshTokens: boolean;
  /** Whether a refresh token dies with its first use. */
  rotateRefreshTokens: boolean;
  /** Seconds for which a used refresh token still works, as other services allow for lost answers; IAM: not published. */
  rotationGrace: number;
  /** The double's wall clock, milliseconds since 1970. */
  now(): number;
  /** `iss` of tokens and discovery; staging has its own. */
  issuer: string;
  /** Where discovery says the endpoints are: another host than the one that was asked. */
  endpoints: string;
  /** Client id and secret. `bx:bx` is what the ibmcloud CLI sends (ibm-cloud-cli-sdk). */
  clients: Record<string, string>;
}

export function defaultSettings(): IamSettings {
  return {
    tokenLifetime: 3600,
    refreshLifetime: 72 * 3600,
    sessionInactivity: Number.POSITIVE_INFINITY,
    givesRefreshTokens: true,
    rotateRefreshTokens: true,
    rotationGrace: 0,
    // Not Date.now itself: fake timers put another Date in its place.
    now: () => Date.now(),
    issuer: 'https://iam.cloud.ibm.com/identity',
    endpoints: 'https://identity-3.us-east.iam.cloud.ibm.com',
    clients: { bx: 'bx' },
  };
}

/** Whole seconds since 1970, as tokens count. */
export function seconds(settings: Pick<IamSettings, 'now'>): number {
  return Math.floor(settings.now() / 1000);
}
