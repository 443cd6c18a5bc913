import { randomBytes } from 'node:crypto';
import { type Assumption, decided, undecided } from '../finding.ts';
import type { LiveIam } from '../iam.ts';
import { claimsOf } from '../jwt.ts';
import { describe, errorCode, isOutage, judge } from '../reply.ts';
import { NOT_SUPPORTED } from '../secrets.ts';

const CLOCK_TOLERANCE_S = 60;

/** What IAM makes of an API key. */
export const TOKENS: readonly Assumption<LiveIam>[] = [
  {
    line: 'apikey-alone',
    claim: 'an API key without a client gets "not_supported" as refresh_token',
    check: async (iam) => {
      const reply = await iam.exchangeAlone();
      const token = reply.body['refresh_token'];
      return judge(
        reply,
        reply.status === 200 && token === NOT_SUPPORTED,
        `refresh_token ${describeToken(token)}`,
      );
    },
  },
  {
    line: 'apikey-bx',
    claim: 'as client bx it gets a real refresh token and a session_id',
    check: async (iam) => {
      const reply = await iam.openSession();
      const { refresh_token: token, session_id: session } = reply.body;
      const real = typeof token === 'string' && token !== NOT_SUPPORTED;
      const seen = `refresh_token ${describeToken(token)}, ${typeof session === 'string' ? 'a' : 'no'} session_id`;
      return judge(reply, real && typeof session === 'string', seen);
    },
  },
  {
    line: 'lifetime',
    claim: 'expires_in is the token’s exp − iat, and expiration its exp',
    check: async (iam) => {
      const { body } = await iam.exchangeAlone();
      const claims = claimsOf(body['access_token']);
      if (!claims) return undecided('the access token is no JWT');
      const life = Number(claims['exp']) - Number(claims['iat']);
      const same = body['expires_in'] === life && body['expiration'] === claims['exp'];
      const expiration = body['expiration'] === claims['exp'] ? 'expiration is exp' : 'expiration is not exp';
      return decided(same, `expires_in ${body['expires_in']}, exp − iat ${life}, ${expiration}`);
    },
  },
  {
    line: 'claims',
    claim: 'an access token names iam_id and account.bss',
    check: async (iam) => {
      const claims = claimsOf((await iam.exchangeAlone()).body['access_token']);
      if (!claims) return undecided('the access token is no JWT');
      const bss = (claims['account'] as { bss?: unknown } | undefined)?.bss;
      const named = typeof claims['iam_id'] === 'string' && typeof bss === 'string';
      return decided(named, `iam_id ${describeId(claims['iam_id'])}, account.bss ${describeToken(bss)}`);
    },
  },
  {
    line: 'wrong-key',
    claim: 'a wrong key is HTTP 400, BXNIM0415E, with context.requestId',
    check: async (iam) => {
      const reply = await iam.exchangeOther(randomBytes(33).toString('base64url'));
      const id = (reply.body['context'] as { requestId?: unknown } | undefined)?.requestId;
      const holds = reply.status === 400 && errorCode(reply) === 'BXNIM0415E' && typeof id === 'string';
      return judge(reply, holds, `${typeof id === 'string' ? 'a' : 'no'} requestId`);
    },
  },
  {
    line: 'clock',
    claim: `IAM’s Date header is within ${CLOCK_TOLERANCE_S} s of the clock of this machine`,
    check: async (iam) => {
      const reply = await iam.discover();
      const date = Date.parse(reply.header('date') ?? '');
      if (Number.isNaN(date)) return undecided('no Date header');
      const ahead = Math.round((date - Date.now()) / 1000);
      const seen =
        ahead === 0 ? 'the same second' : `IAM is ${Math.abs(ahead)} s ${ahead > 0 ? 'ahead' : 'behind'}`;
      return decided(Math.abs(ahead) <= CLOCK_TOLERANCE_S, seen);
    },
  },
  {
    line: 'discovery',
    claim: 'discovery names endpoints on another host than the one asked, IBM’s own',
    check: async (iam) => {
      const reply = await iam.discover();
      if (isOutage(reply)) return undecided(describe(reply));
      const endpoints = Object.entries(reply.body).filter(([name]) => /_endpoint$|^jwks_uri$/.test(name));
      const hosts = new Set(endpoints.map(([, url]) => hostOf(url)));
      const elsewhere = !hosts.has(new URL(iam.issuer).host);
      const ibm = hosts.size > 0 && [...hosts].every((host) => host.endsWith('.cloud.ibm.com'));
      return decided(elsewhere && ibm, [...hosts].join(', ') || describe(reply));
    },
  },
];

/** What kind of thing it is, and no more. */
export function describeToken(value: unknown): string {
  if (typeof value !== 'string') return value === undefined ? 'missing' : `a ${typeof value}`;
  return value === NOT_SUPPORTED ? `"${NOT_SUPPORTED}"` : `of ${value.length} characters`;
}

/** `IBMid-…`: whose it is stays out of what people paste into issues. */
export function describeId(value: unknown): string {
  const prefix = /^(?:IBMid|iam-ServiceId|iam-Profile)-/.exec(String(value))?.[0];
  return prefix ? `${prefix}…` : describeToken(value);
}

function hostOf(url: unknown): string {
  return typeof url === 'string' && URL.canParse(url) ? new URL(url).host : 'no URL';
}
