import type { Http } from '../http.ts';
import type { RegistryHost } from '../registry-host.ts';
import type { Secret } from '../secret.ts';

/** Short: somebody waits for a login to end, and not knowing is an answer too. */
const TIMEOUT_MS = 4_000;

/**
 * Whose a registry session is (the `<token>` that docker stores): the IAM id in the registry token
 * that ICR gives for it, or null where ICR does not say. That the token names an IAM id as `iam_id`
 * or `sub` is an assumption, see docs/assumptions.md.
 */
export async function identifySession(
  session: Secret,
  host: RegistryHost,
  http: Http,
): Promise<string | null> {
  try {
    const response = await http({
      method: 'POST',
      url: `https://${host.name}/oauth/token`,
      headers: { Accept: 'application/json', 'Content-Type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        grant_type: 'refresh_token',
        refresh_token: session.reveal(),
        service: 'registry',
        client_id: 'docker-credential-icr',
      }).toString(),
      timeoutMs: TIMEOUT_MS,
    });
    const { token, access_token } = JSON.parse(response.body);
    const claims = JSON.parse(
      Buffer.from(String(access_token ?? token).split('.')[1] ?? '', 'base64url').toString(),
    );
    return [claims.iam_id, claims.sub].find(isIamId) ?? null;
  } catch {
    return null;
  }
}

/** `IBMid-…` for users, `iam-ServiceId-…` and `iam-Profile-…` for the others. */
function isIamId(value: unknown): value is string {
  return typeof value === 'string' && /^(?:IBMid-|iam-)\w/.test(value);
}
