/** Every secret that was sent or came back, so that none can get into the table. */
export interface SeenSecrets {
  /** Remembers the fields of a reply that hold tokens. */
  rememberIn(reply: Record<string, unknown>): void;
  remember(secret: string): void;
  hideIn(text: string): string;
}

const FIELDS = ['access_token', 'refresh_token', 'token', 'id_token', 'session_id'];

/** IAM's word for "no refresh token", which is no secret. */
export const NOT_SUPPORTED = 'not_supported';

export function createSeenSecrets(): SeenSecrets {
  const secrets = new Set<string>();
  const remember = (secret: string) => void secrets.add(secret);
  return {
    remember,
    rememberIn(reply) {
      for (const field of FIELDS) {
        const value = reply[field];
        if (typeof value === 'string' && value !== '' && value !== NOT_SUPPORTED) remember(value);
      }
    },
    hideIn: (text) => [...secrets].reduce((clean, secret) => clean.replaceAll(secret, '[secret]'), text),
  };
}
