import { createHash } from 'node:crypto';
import type { AccessTokens } from './access-tokens.ts';
import type { Directory } from './directory.ts';
import { type Form, requireField } from './form.ts';
import type { Identity } from './identities.ts';
import { requestedProfile } from './profiles.ts';
import { IamRefusal } from './refusals.ts';
import type { Session, Sessions } from './sessions.ts';
import type { Tickets } from './tickets.ts';

export interface GrantContext {
  readonly client: string | null;
  readonly directory: Directory;
  readonly sessions: Sessions;
  readonly tickets: Tickets;
  readonly accessTokens: AccessTokens;
}

export interface Granted {
  readonly identity: Identity;
  /** The session that goes on; absent: a new one if there is a client. */
  readonly session?: Session;
  /** false: never a refresh token, whoever asks. */
  readonly refreshable?: boolean;
  readonly assumedBy?: Identity;
}

type Grant = (form: Form, context: GrantContext) => Granted;

const IBM = 'urn:ibm:params:oauth:grant-type:';

/** Every grant of the token endpoint, by grant_type (facts: IBM docs "IAM identity token API"). */
const GRANTS: Readonly<Record<string, Grant>> = {
  [`${IBM}apikey`]: byApiKey,
  refresh_token: byRefreshToken,
  [`${IBM}passcode`]: byPasscode,
  [`${IBM}cr-token`]: byCrToken,
  [`${IBM}assume`]: byAssuming,
  authorization_code: byCode,
};

export function grantOf(grantType: string): Grant {
  const grant = GRANTS[grantType];
  if (grant) return grant;
  throw new IamRefusal('BXNIM0109E', {
    message: 'Property is not valid.',
    details: "Property 'grant_type'.",
  });
}

/** `urn:ibm:params:oauth:grant-type:apikey` to `apikey`: how logs and tests name grants. */
export function shortName(grantType: string): string {
  return grantType.startsWith(IBM) ? grantType.slice(IBM.length) : grantType;
}

function byApiKey(form: Form, { directory }: GrantContext): Granted {
  return { identity: directory.ownerOfKey(requireField(form, 'apikey')) };
}

function byRefreshToken(form: Form, { client, directory, sessions }: GrantContext): Granted {
  const token = requireField(form, 'refresh_token');
  const { identity, account } = sessions.check(token, client);
  const wanted = form['account'] || account;
  directory.requireActive(identity, wanted);
  const session = sessions.redeem(token, client);
  session.account = wanted;
  return { identity, session };
}

function byPasscode(form: Form, { client, tickets }: GrantContext): Granted {
  const passcode = requireField(form, 'passcode');
  requireClient(client);
  const identity = tickets.takePasscode(passcode);
  if (!identity) throw new IamRefusal('BXNIM0407E', { message: 'Provided passcode is not valid.' });
  return { identity };
}

/** The CLI asks again instead of refreshing (`IsLoggedInAsCRI`), so there is nothing to refresh. */
function byCrToken(form: Form, { directory, tickets }: GrantContext): Granted {
  const trusting = tickets.profilesOfCrToken(requireField(form, 'cr_token'));
  if (trusting.length === 0) throw new IamRefusal('BXNIM0407E');
  const identity = requestedProfile(form, directory);
  if (trusting.includes(identity)) return { identity, refreshable: false };
  throw new IamRefusal('BXNIM0407E', { message: 'Profile does not trust this compute resource.' });
}

function byAssuming(form: Form, { accessTokens, directory }: GrantContext): Granted {
  const claims = accessTokens.verify(requireField(form, 'access_token'));
  const assumedBy = claims && directory.find(({ iamId }) => iamId === claims['iam_id']);
  if (!assumedBy) throw new IamRefusal('BXNIM0407E');
  const identity = requestedProfile(form, directory);
  if (identity.trusts.includes(assumedBy)) return { identity, assumedBy, refreshable: false };
  throw new IamRefusal('BXNIM0407E', { message: 'Profile does not trust this identity.' });
}

function byCode(form: Form, { client, tickets }: GrantContext): Granted {
  const code = tickets.takeCode(requireField(form, 'code'));
  requireClient(client);
  const sameRequest = code?.client === client && code?.redirectUri === form['redirect_uri'];
  if (!code || !sameRequest || !verifies(form['code_verifier'] ?? '', code.challenge)) {
    throw new IamRefusal('BXNIM0407E', { message: 'Provided authorization code is not valid.' });
  }
  return { identity: code.identity };
}

/** RFC 7636, 4.6 */
function verifies(verifier: string, challenge: string | null): boolean {
  return challenge === null || createHash('sha256').update(verifier).digest('base64url') === challenge;
}

function requireClient(client: string | null): void {
  if (client === null) throw new IamRefusal('BXNIM0308E');
}
