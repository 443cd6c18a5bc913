import { decodeAccessToken } from '../iam/access-token.ts';
import type { ExportedLogin, Logins } from './consumer.ts';

/** One line for each login: for which registries, as whom, and how long it lives. `now` in milliseconds since 1970. */
export function describeLogins(logins: Logins, now: number): string[] {
  const groups = new Map<string, ExportedLogin[]>();
  for (const login of logins) {
    const key = JSON.stringify([login.username, login.secret.reveal()]);
    groups.set(key, [...(groups.get(key) ?? []), login]);
  }
  return [...groups.values()].map((group) => {
    const [first] = group as [ExportedLogin];
    const registries = group.length === 1 ? first.registry : `${group.length} registries`;
    return `${registries}: ${first.username}, ${lifeOf(first, now)}`;
  });
}

function lifeOf({ username, secret }: ExportedLogin, now: number): string {
  switch (username) {
    case 'iamapikey':
      return 'good until the API key is deleted';
    case 'iambearer': {
      const claims = decodeAccessToken(secret.reveal());
      if (!claims) return 'good for an hour at most';
      const minutes = Math.max(0, Math.round((claims.expiresAt * 1000 - now) / 60_000));
      return `good for ${minutes} minutes, until ${new Date(claims.expiresAt * 1000).toISOString().slice(0, 16)}Z`;
    }
    case 'iamrefresh':
      return 'good for 72 hours at most';
    default:
      return 'good as long as the registry takes it';
  }
}

/** Whether one of them runs out by itself. */
export function runsOut(logins: Logins): boolean {
  return logins.some(({ username }) => username === 'iambearer' || username === 'iamrefresh');
}
