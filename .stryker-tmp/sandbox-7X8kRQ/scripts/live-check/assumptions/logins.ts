import { randomBytes } from 'node:crypto';
import { type Assumption, decided, undecided } from '../finding.ts';
import { claimsOf } from '../jwt.ts';
import { describe, errorCode, judge, type Reply } from '../reply.ts';
import type { Subject } from '../subject.ts';
import { hasSession, refreshTokenOf } from './refresh.ts';
import { describeToken } from './tokens.ts';

const FORMS = ['GET', 'POST'] as const;
const KINDS = ['iambearer', 'iamapikey', 'iamrefresh'] as const;
type Kind = (typeof KINDS)[number];

const HOW = { GET: 'by GET with Basic', POST: 'by POST with grant_type=password' };

/** What ICR asks for, what it takes, and what it gives. */
export const LOGINS: readonly Assumption<Subject>[] = [
  {
    line: 'challenge',
    claim: 'ICR’s challenge is Bearer, with blanks after its commas',
    check: async ({ icr }) => {
      const challenge = await icr.challenge();
      return decided(/^Bearer .*", +\w+="/.test(challenge), challenge || 'no challenge');
    },
  },
  {
    line: 'realm',
    claim: 'the token endpoint is /oauth/token on the same host, the service "registry"',
    check: async ({ icr }) => {
      const challenge = await icr.challenge();
      const parameter = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(challenge)?.[1] ?? '';
      const holds = parameter('realm') === icr.tokenUrl && parameter('service') === 'registry';
      return decided(
        holds,
        `realm ${parameter('realm') || 'missing'}, service ${parameter('service') || 'missing'}`,
      );
    },
  },
  ...KINDS.flatMap((kind) =>
    FORMS.map(
      (form): Assumption<Subject> => ({
        line: `${kind}-${form.toLowerCase()}`,
        claim: `ICR takes ${kind} ${HOW[form]}`,
        check: async (subject) => {
          const secret = await secretFor(kind, subject);
          if (secret === null) return undecided('IAM gave no such secret');
          const reply = await subject.icr.logIn({ username: kind, secret, form });
          return judge(reply, gaveToken(reply));
        },
      }),
    ),
  ),
  {
    line: 'registry-token',
    claim: 'the reply has the token as token and as access_token, and its life as expires_in',
    check: async (subject) => {
      const reply = await logInAsBearer(subject);
      const { token, access_token, expires_in, issued_at } = reply.body;
      const holds = gaveToken(reply) && token === access_token && typeof expires_in === 'number';
      const both =
        token === access_token ? 'the same' : `${describeToken(token)} and ${describeToken(access_token)}`;
      const issued = issued_at === undefined ? 'no issued_at' : 'issued_at';
      return judge(
        reply,
        holds,
        `token and access_token ${both}, expires_in ${expires_in ?? 'missing'}, ${issued}`,
      );
    },
  },
  {
    line: 'every-region',
    claim: 'one access token is good at the registries of all regions',
    check: async ({ iam, secondIcr }) => {
      const secret = String((await iam.exchangeAlone()).body['access_token'] ?? '');
      const reply = await secondIcr.logIn({ username: 'iambearer', secret, form: 'GET' });
      return judge(reply, gaveToken(reply), secondIcr.host);
    },
  },
  {
    line: 'scope',
    claim: 'the challenge for a repository names its scope, and the token for it grants that',
    check: async (subject) => {
      if (!subject.namespace) return undecided('ICR_LIVE_NAMESPACE is not set');
      const scope = /scope="([^"]*)"/.exec(
        await subject.icr.challengeFor(`${subject.namespace}/live-check`),
      )?.[1];
      if (!scope) return decided(false, 'no scope in the challenge');
      const reply = await logInAsBearer(subject, scope);
      const access = claimsOf(reply.body['access_token'] ?? reply.body['token'])?.['access'];
      if (reply.status === 200 && !Array.isArray(access)) return undecided('the registry token does not say');
      const granted = Array.isArray(access) && access.length > 0;
      return judge(reply, granted && gaveToken(reply), `asked for ${scope}`);
    },
  },
  {
    line: 'unknown-user',
    claim: 'a user name that ICR does not know is UNSUPPORTED',
    check: async ({ icr }) => {
      const reply = await icr.logIn({ username: 'docker-credential-icr', secret: 'no secret', form: 'GET' });
      return judge(reply, errorCode(reply) === 'UNSUPPORTED');
    },
  },
  {
    line: 'wrong-login',
    claim: 'ICR refuses a wrong key with HTTP 401, UNAUTHORIZED',
    check: async ({ icr }) => {
      const secret = randomBytes(33).toString('base64url');
      const reply = await icr.logIn({ username: 'iamapikey', secret, form: 'GET' });
      return judge(reply, reply.status === 401 && errorCode(reply) === 'UNAUTHORIZED');
    },
  },
  {
    line: 'iamrefresh-again',
    claim: 'ICR takes the same refresh token a second time',
    check: async ({ iam, icr }) => {
      const session = await iam.openSession();
      if (!hasSession(session)) return undecided(`no session: ${describe(session)}`);
      const login = { username: 'iamrefresh', secret: refreshTokenOf(session), form: 'GET' } as const;
      const first = await icr.logIn(login);
      if (!gaveToken(first)) return undecided(`the first use: ${describe(first)}`);
      const second = await icr.logIn(login);
      return judge(second, gaveToken(second));
    },
  },
  {
    line: 'iamrefresh-iam',
    claim: 'a refresh token that ICR has redeemed still works at IAM',
    check: async ({ iam, icr }) => {
      const session = await iam.openSession();
      if (!hasSession(session)) return undecided(`no session: ${describe(session)}`);
      const secret = refreshTokenOf(session);
      const login = await icr.logIn({ username: 'iamrefresh', secret, form: 'GET' });
      if (!gaveToken(login)) return undecided(`at ICR: ${describe(login)}`);
      const reply = await iam.refresh(secret);
      return judge(reply, reply.status === 200);
    },
  },
];

export function gaveToken({ status, body }: Reply): boolean {
  return status === 200 && typeof (body['token'] ?? body['access_token']) === 'string';
}

async function logInAsBearer({ iam, icr }: Subject, scope?: string): Promise<Reply> {
  const secret = String((await iam.exchangeAlone()).body['access_token'] ?? '');
  return icr.logIn({ username: 'iambearer', secret, form: 'GET', ...(scope && { scope }) });
}

async function secretFor(kind: Kind, { iam, apiKey }: Subject): Promise<string | null> {
  switch (kind) {
    case 'iamapikey':
      return apiKey.reveal();
    case 'iambearer': {
      const { body } = await iam.exchangeAlone();
      return typeof body['access_token'] === 'string' ? body['access_token'] : null;
    }
    case 'iamrefresh': {
      const session = await iam.openSession();
      return hasSession(session) ? refreshTokenOf(session) : null;
    }
  }
}
