import { jsonResponse } from '../http.ts';
import { answerAuthorize, answerPasscodePage, type Browser } from './browser.ts';
import { answerDiscovery, answerRevocation, answerUserInfo } from './documents.ts';
import type { Form } from './form.ts';
import type { GrantContext } from './grants.ts';
import { IamRefusal } from './refusals.ts';
import type { IamSettings } from './settings.ts';
import { answerTokenRequest } from './token-endpoint.ts';

export interface IamParts extends Omit<GrantContext, 'client'> {
  readonly settings: IamSettings;
  readonly browser: Browser;
}

/** Throws IamRefusal. */
export function routeIam(request: Request, form: Form, iam: IamParts): Response {
  switch (new URL(request.url).pathname) {
    case '/identity/token':
      return answerTokenRequest(request, form, iam);
    case '/identity/revoke':
      return answerRevocation(request, form, iam);
    case '/identity/keys':
      return jsonResponse(200, iam.accessTokens.keySet());
    case '/identity/userinfo':
      return answerUserInfo(request, iam.accessTokens);
    case '/identity/passcode':
      return answerPasscodePage(iam);
    case '/identity/authorize':
      return answerAuthorize(request, iam);
    case '/identity/.well-known/openid-configuration':
      return answerDiscovery(iam.settings);
    default:
      throw new IamRefusal('BXNIM0060E', { status: 404, details: 'HTTP 404 Not Found' });
  }
}
