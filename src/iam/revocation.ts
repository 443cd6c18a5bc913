import { HelperError } from '../errors.ts';
import type { Http } from '../http.ts';
import type { Secret } from '../secret.ts';
import { CLI_CLIENT } from './client.ts';

const TIMEOUT_MS = 5_000;

/**
 * Ends a session of the CLI's client by its refresh token (RFC 7009; the endpoint is what IAM's
 * discovery names, below the issuer). Fails with `unreachable` where IAM does not confirm it.
 */
export async function revokeSession(refreshToken: Secret, issuer: string, http: Http): Promise<void> {
  const response = await http({
    method: 'POST',
    url: `${issuer}/identity/revoke`,
    headers: {
      Accept: 'application/json',
      'Content-Type': 'application/x-www-form-urlencoded',
      Authorization: CLI_CLIENT,
    },
    body: new URLSearchParams({ token: refreshToken.reveal() }).toString(),
    timeoutMs: TIMEOUT_MS,
  });
  if (response.status >= 300) {
    throw new HelperError('unreachable', `IAM at ${new URL(issuer).host} answers HTTP ${response.status}`);
  }
}
