import type { GrantKind } from './cache/token-slot.ts';
import type { CredentialKind } from './config/settings.ts';
import type { ApiKeyCredential, Credential, Exchangeable, TokenCredential } from './credential.ts';
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

/** Makes the kind of answer that is wanted from a credential; null if logged out. */
export async function answerWith(
  credential: Credential,
  kind: CredentialKind,
  provideTokens: ProvideTokens,
): Promise<Answer | null> {
  switch (credential.type) {
    case 'none':
      return null;
    case 'ready':
      return { username: credential.username, secret: await credential.reveal() };
    case 'token':
      if (kind === 'iamapikey' && credential.keyLogin) return keyLogin(credential.keyLogin);
      return answerAs(credential, kind, provideTokens);
    case 'api-key':
    case 'session':
      return answerAs(credential, kind, provideTokens);
  }
}

async function keyLogin({ username, reveal }: NonNullable<TokenCredential['keyLogin']>): Promise<Answer> {
  return { username, secret: await reveal() };
}

async function answerAs(
  credential: Exchangeable,
  kind: CredentialKind,
  provideTokens: ProvideTokens,
): Promise<Answer> {
  if (kind !== 'iambearer')
    return { username: kind, secret: await secretOf(credential, kind, provideTokens) };
  const { accessToken, receivedAt, expiresIn } = await provideTokens(credential, 'access-token');
  return { username: kind, secret: new Secret(accessToken), expiresAt: receivedAt + expiresIn * 1000 };
}

async function secretOf(
  credential: Exchangeable,
  kind: Exclude<CredentialKind, 'iambearer'>,
  provideTokens: ProvideTokens,
): Promise<Secret> {
  switch (kind) {
    case 'iamapikey':
      if (credential.type === 'api-key') return credential.reveal();
      throw wrongKind(kind, credential);
    case 'iamrefresh':
      if (credential.type === 'session') return credential.reveal();
      if (credential.type === 'token') throw wrongKind(kind, credential);
      // A session of its own for what is handed out: the registry redeems it, and may rotate it.
      return refreshToken(await provideTokens(credential, 'session'));
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
