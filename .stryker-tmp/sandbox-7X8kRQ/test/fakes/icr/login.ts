import type { Identity } from '../iam/identities.ts';
import { IamRefusal } from '../iam/refusals.ts';
import type { Iam } from '../iam.ts';
import type { IdentityTokens } from './identity-tokens.ts';
import type { Presented } from './presented.ts';
import { BAD_CREDENTIALS, RegistryRefusal, UNSUPPORTED_USER } from './refusals.ts';

export interface LoginContext {
  readonly iam: Iam;
  readonly identityTokens: IdentityTokens;
  readonly badCredentialStatus: number;
}

/** Whom the request proves to come from; null for nobody in particular. Throws RegistryRefusal. */
export function logIn(presented: Presented, context: LoginContext): Identity | null {
  if (presented.form === 'anonymous') return null;
  const identity =
    presented.form === 'refresh_token' ? byIdentityToken(presented, context) : byUser(presented, context);
  if (identity && isActive(identity, context)) return identity;
  throw new RegistryRefusal('UNAUTHORIZED', BAD_CREDENTIALS, context.badCredentialStatus);
}

function byIdentityToken({ secret }: Presented, { identityTokens }: LoginContext): Identity | null {
  return identityTokens.ownerOf(secret);
}

/** IBM docs, "Automating access": the user name says what kind of secret the password is. */
function byUser({ username, secret }: Presented, { iam }: LoginContext): Identity | null {
  const { accessTokens, directory, sessions } = iam.trusted;
  if (username === 'iambearer') {
    const claims = accessTokens.verify(secret);
    return claims && directory.find(({ iamId }) => iamId === claims['iam_id']);
  }
  // The registry redeems it as the CLI's client, and so often that this cannot use it up.
  if (username === 'iamrefresh') return unlessRefused(() => sessions.check(secret, 'bx').identity);
  if (username === 'iamapikey') return unlessRefused(() => directory.ownerOfKey(secret));
  if (username?.startsWith('Profile-')) return byProfile(username, secret, iam);
  throw new RegistryRefusal('UNSUPPORTED', UNSUPPORTED_USER);
}

/** IBM docs: a trusted profile as user, an API key of a service ID that it trusts as password. */
function byProfile(profileId: string, key: string, iam: Iam): Identity | null {
  const { directory } = iam.trusted;
  const owner = unlessRefused(() => directory.ownerOfKey(key));
  const profile = directory.find(({ id, kind }) => kind === 'profile' && id === profileId);
  return owner?.kind === 'service-id' && profile?.trusts.includes(owner) ? profile : null;
}

function isActive(identity: Identity, { iam }: LoginContext): boolean {
  const ask = () => {
    iam.trusted.directory.requireActive(identity);
    return true;
  };
  return unlessRefused(ask) ?? false;
}

/** ICR does not say why IAM said no. */
function unlessRefused<T>(ask: () => T): T | null {
  try {
    return ask();
  } catch (error) {
    if (error instanceof IamRefusal) return null;
    throw error;
  }
}
