import { jsonResponse } from '../http.ts';
import { authenticatedClient, type Form, requireField, requirePostedForm } from './form.ts';
import { type GrantContext, type Granted, grantOf } from './grants.ts';
import type { Session } from './sessions.ts';
import type { IamSettings } from './settings.ts';

interface TokenContext extends GrantContext {
  readonly settings: IamSettings;
  readonly grantType: string;
}

/** POST /identity/token */
export function answerTokenRequest(
  request: Request,
  form: Form,
  iam: Omit<TokenContext, 'client' | 'grantType'>,
): Response {
  requirePostedForm(request);
  const grantType = requireField(form, 'grant_type');
  const context = { ...iam, grantType, client: authenticatedClient(request, iam.settings) };
  const granted = grantOf(grantType)(form, context);
  iam.directory.requireActive(granted.identity, granted.session?.account);
  return jsonResponse(200, tokenBody(granted, sessionOf(granted, context), context));
}

/** Without a client there is no session to keep alive. */
function sessionOf(
  { identity, session, refreshable = true }: Granted,
  context: TokenContext,
): Session | null {
  if (session) return session;
  const refreshes = refreshable && context.settings.givesRefreshTokens;
  return context.client && refreshes ? context.sessions.open(identity, context.client) : null;
}

function tokenBody({ identity, assumedBy }: Granted, session: Session | null, context: TokenContext) {
  const { accessTokens, client, grantType, sessions, settings } = context;
  const { token, expiration } = accessTokens.issue(identity, {
    grantType,
    client,
    ...(session && { account: session.account, sessionId: session.id }),
    ...(assumedBy && { assumedBy }),
  });
  return {
    access_token: token,
    refresh_token: session ? sessions.newRefreshToken(session) : 'not_supported',
    ...(identity.imsUserId !== null && { ims_user_id: identity.imsUserId }),
    token_type: 'Bearer',
    expires_in: settings.tokenLifetime,
    expiration,
    scope: 'ibm openid',
    ...(session && { session_id: session.id }),
  };
}
