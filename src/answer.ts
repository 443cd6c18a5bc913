import type { GrantKind } from './cache/token-slot.ts';
import type { CredentialKind } from './config/settings.ts';
import type { ApiKeyCredential, Credential, Exchangeable } from './credential.ts';
import { HelperError } from './errors.ts';
import { Secret } from './secret.ts';
import type { Tokens } from './tokens.ts';

/** What ICR is shown: the user name tells it what the password is. */
export interface Answer {
  username: string;
  secret: Secret;
  /** When an access token ends, milliseconds since 1970; absent where nobody can tell. */
  expiresAt?: number;
}

type ProvideTokens = (credential: Exchangeable, grant: GrantKind) => Promise<Tokens>;

/** An answer before anything is read or asked for it. */
export interface PlannedAnswer {
  username: string;
  reveal(): Promise<Secret>;
}

/** Makes the kind of answer that is wanted from a credential; null if logged out. */
export async function answerWith(
  credential: Credential,
  kind: CredentialKind,
  provideTokens: ProvideTokens,
): Promise<Answer | null> {
  if (credential.type === 'none') return null;
  let expiresAt: number | undefined;
  const provide: ProvideTokens = async (one, grant) => {
    const tokens = await provideTokens(one, grant);
    if (grant === 'access-token') expiresAt = tokens.receivedAt + tokens.expiresIn * 1000;
    return tokens;
  };
  const planned = credential.type === 'ready' ? credential : planAnswer(credential, kind, provide);
  const secret = await planned.reveal();
  return { username: planned.username, secret, ...(expiresAt !== undefined && { expiresAt }) };
}

/** Fails with `settings` where this kind cannot be made from the credential. */
export function planAnswer(
  credential: Exchangeable,
  kind: CredentialKind,
  provideTokens: ProvideTokens,
): PlannedAnswer {
  switch (kind) {
    case 'iambearer': {
      const reveal = async () => new Secret((await provideTokens(credential, 'access-token')).accessToken);
      return { username: kind, reveal };
    }
    case 'iamapikey':
      if (credential.type === 'api-key') return { username: kind, reveal: credential.reveal };
      if (credential.type === 'token' && credential.keyLogin) return credential.keyLogin;
      throw wrongKind(kind, credential);
    case 'iamrefresh':
      if (credential.type === 'session') return { username: kind, reveal: credential.reveal };
      if (credential.type === 'token') throw wrongKind(kind, credential);
      // A session of its own for what is handed out: the registry redeems it, and may rotate it.
      return {
        username: kind,
        reveal: async () => refreshToken(await provideTokens(credential, 'session')),
      };
  }
}

function wrongKind(kind: CredentialKind, credential: Exclude<Exchangeable, ApiKeyCredential>): HelperError {
  const has =
    credential.type === 'token'
      ? `${credential.shows} gives access tokens only`
      : 'a session is stored and no API key';
  return new HelperError('settings', `the credential kind is ${kind}, but ${has}`, {
    hint: 'set the kind to iambearer, or log in with an API key',
  });
}

function refreshToken({ refreshToken: token }: Tokens): Secret {
  if (token !== undefined) return new Secret(token);
  throw new HelperError('unreachable', 'IAM gave no refresh token', {
    hint: 'set the credential kind to iambearer',
  });
}
