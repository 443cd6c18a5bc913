import { type Assumption, undecided } from '../finding.ts';
import type { LiveIam } from '../iam.ts';
import { describe, judge, type Reply } from '../reply.ts';
import { describeToken } from './tokens.ts';

/** How IAM's refresh tokens behave. Each line has a session of its own. */
export const REFRESH: readonly Assumption<LiveIam>[] = [
  {
    line: 'refresh-new',
    claim: 'a refresh as client bx gives a new refresh token',
    check: async (iam) => {
      const first = await iam.openSession();
      if (!hasSession(first)) return undecided(`no session: ${describe(first)}`);
      const reply = await iam.refresh(refreshTokenOf(first));
      const { refresh_token: next } = reply.body;
      const another = typeof next === 'string' && next !== refreshTokenOf(first);
      const seen = another ? `another refresh_token ${describeToken(next)}` : 'the same refresh_token';
      return judge(reply, reply.status === 200 && another, reply.status === 200 ? seen : '');
    },
  },
  {
    line: 'refresh-once',
    claim: 'a refresh token that has been used is refused',
    check: async (iam) => {
      const first = await iam.openSession();
      if (!hasSession(first)) return undecided(`no session: ${describe(first)}`);
      const used = await iam.refresh(refreshTokenOf(first));
      if (used.status !== 200) return undecided(`the first use: ${describe(used)}`);
      const again = await iam.refresh(refreshTokenOf(first));
      return judge(again, again.status !== 200, again.status === 200 ? 'it works again' : '');
    },
  },
  {
    line: 'refresh-client',
    claim: 'a refresh token is refused without the client that got it',
    check: async (iam) => {
      const session = await iam.openSession();
      if (!hasSession(session)) return undecided(`no session: ${describe(session)}`);
      const reply = await iam.refresh(refreshTokenOf(session), false);
      return judge(reply, reply.status !== 200);
    },
  },
];

export function hasSession({ status, body }: Reply): boolean {
  return status === 200 && typeof body['session_id'] === 'string';
}

export function refreshTokenOf({ body }: Reply): string {
  return String(body['refresh_token'] ?? '');
}
