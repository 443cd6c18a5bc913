import { identifySession } from '../../../src/icr/session-identity.ts';
import type { RegistryHost } from '../../../src/registry-host.ts';
import { Secret } from '../../../src/secret.ts';
import { type Assumption, decided, undecided } from '../finding.ts';
import { claimsOf } from '../jwt.ts';
import { describe, judge, type Reply } from '../reply.ts';
import type { Subject } from '../subject.ts';
import { gaveToken } from './logins.ts';
import { describeId, describeToken } from './tokens.ts';

/** What `docker login` stores in place of the password: ICR's identity token. */
export const IDENTITY_TOKENS: readonly Assumption<Subject>[] = [
  {
    line: 'identity-token',
    claim: 'offline_token=true gives an identity token as refresh_token',
    check: async (subject) => {
      const reply = await logInOffline(subject);
      const token = reply.body['refresh_token'];
      return judge(reply, identityTokenOf(reply) !== null, `refresh_token ${describeToken(token)}`);
    },
  },
  {
    line: 'identity-token-end',
    claim: 'an identity token does not tell when it ends',
    check: async (subject) => {
      const token = identityTokenOf(await logInOffline(subject));
      if (token === null) return undecided('no identity token');
      if (token.split('.').length !== 3) return decided(true, 'opaque');
      const end = claimsOf(token)?.['exp'];
      if (typeof end !== 'number') return decided(false, 'in the form of a JWT, but without a readable exp');
      return decided(false, `a JWT that ends in ${hours(end)} hours`);
    },
  },
  {
    line: 'identity-token-use',
    claim: 'POST grant_type=refresh_token takes an identity token',
    check: async (subject) => {
      const token = identityTokenOf(await logInOffline(subject));
      if (token === null) return undecided('no identity token');
      const reply = await subject.icr.useIdentityToken(token);
      const next = reply.body['refresh_token'];
      const seen =
        next === undefined
          ? 'none comes back'
          : next === token
            ? 'the same comes back'
            : 'another comes back';
      return judge(reply, gaveToken(reply), gaveToken(reply) ? seen : '');
    },
  },
  {
    line: 'session-identity',
    claim: 'the registry token for an identity token names its owner’s iam_id (as iam_id or sub)',
    check: async (subject) => {
      const token = identityTokenOf(await logInOffline(subject));
      if (token === null) return undecided('no identity token');
      const reply = await subject.icr.useIdentityToken(token);
      if (!gaveToken(reply)) return undecided(describe(reply));
      const owner = claimsOf((await subject.iam.exchangeAlone()).body['access_token'])?.['iam_id'];
      // The program's own code, which knows hosts of ICR only by their names.
      const host = { name: subject.icr.host, path: '', realm: 'production' } as unknown as RegistryHost;
      const named = await identifySession(new Secret(token), host, subject.http);
      if (named === null) return decided(false, 'it names nobody');
      return decided(
        named === owner,
        `${describeId(named)}, ${named === owner ? 'the key’s owner' : 'not the key’s owner'}`,
      );
    },
  },
];

function logInOffline({ icr, apiKey }: Subject): Promise<Reply> {
  return icr.logIn({ username: 'iamapikey', secret: apiKey.reveal(), form: 'GET', offline: true });
}

function identityTokenOf({ status, body }: Reply): string | null {
  const token = body['refresh_token'];
  return status === 200 && typeof token === 'string' && token !== '' ? token : null;
}

function hours(end: number): number {
  return Math.round((end * 1000 - Date.now()) / 360_000) / 10;
}
