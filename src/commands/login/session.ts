import { HelperError } from '../../errors.ts';
import type { Grant } from '../../iam/grants.ts';
import { Secret } from '../../secret.ts';
import type { Accepted, WayContext } from './way.ts';

/** Shows IAM what the person brought from the browser; the session that it opens is the credential. */
export async function openSession(
  grant: Grant,
  { issuer, app, terminal }: Omit<WayContext, 'input'>,
): Promise<Accepted> {
  const { host } = new URL(issuer);
  const tokens = await terminal.progress(`Asking ${host}`, app.exchange(grant, issuer));
  if (tokens.refreshToken === undefined) {
    throw new HelperError(
      'unreachable',
      `IAM at ${host} gave no refresh token: there is no session to keep`,
      {
        hint: 'log in with an API key',
      },
    );
  }
  return { username: 'iamrefresh', secret: new Secret(tokens.refreshToken), tokens };
}
