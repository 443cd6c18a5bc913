import { bearerToken, jsonResponse } from '../http.ts';
import type { AccessTokens } from './access-tokens.ts';
import { authenticatedClient, type Form, requireField, requirePostedForm } from './form.ts';
import { IamRefusal } from './refusals.ts';
import type { Sessions } from './sessions.ts';
import type { IamSettings } from './settings.ts';

/** GET /identity/.well-known/openid-configuration */
export function answerDiscovery({ issuer, endpoints }: IamSettings): Response {
  const at = (name: string) => `${endpoints}/identity/${name}`;
  return jsonResponse(200, {
    issuer,
    authorization_endpoint: at('authorize'),
    token_endpoint: at('token'),
    revocation_endpoint: at('revoke'),
    passcode_endpoint: at('passcode'),
    userinfo_endpoint: at('userinfo'),
    jwks_uri: at('keys'),
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: ['RS256'],
  });
}

/** GET /identity/userinfo: OpenID Connect Core, 5.3. */
export function answerUserInfo(request: Request, accessTokens: AccessTokens): Response {
  const token = bearerToken(request);
  if (!token) throw new IamRefusal('BXNIM0308E');
  const claims = accessTokens.verify(token);
  if (!claims) throw new IamRefusal('BXNIM0407E', { status: 401 });
  const { iam_id, sub, name, email } = claims;
  return jsonResponse(200, { iam_id, sub, name, ...(email !== undefined && { email }) });
}

/** POST /identity/revoke: RFC 7009, which answers 200 for unknown tokens too. */
export function answerRevocation(
  request: Request,
  form: Form,
  { sessions, settings }: { readonly sessions: Sessions; readonly settings: IamSettings },
): Response {
  requirePostedForm(request);
  authenticatedClient(request, settings);
  sessions.revoke(requireField(form, 'token'));
  return new Response(null, { status: 200 });
}
