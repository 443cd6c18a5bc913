import type { Http } from '../../src/http.ts';
import { once } from './finding.ts';
import { type Reply, toReply } from './reply.ts';
import type { SeenSecrets } from './secrets.ts';
import type { LiveSettings } from './settings.ts';

/** The real IAM, asked in IBM's own terms: our client would hide what we want to see. */
export type LiveIam = ReturnType<typeof createLiveIam>;

/** The ibmcloud CLI's public client. */
const BX = `Basic ${btoa('bx:bx')}`;
const TIMEOUT_MS = 30_000;

export function createLiveIam({ apiKey, iam }: LiveSettings, http: Http, secrets: SeenSecrets) {
  const opened: string[] = [];

  async function post(path: string, form: Record<string, string>, asBx: boolean): Promise<Reply> {
    const headers = {
      Accept: 'application/json',
      'Content-Type': 'application/x-www-form-urlencoded',
      ...(asBx && { Authorization: BX }),
    };
    const body = new URLSearchParams(form).toString();
    const reply = toReply(
      await http({ method: 'POST', url: `${iam}${path}`, headers, body, timeoutMs: TIMEOUT_MS }),
    );
    secrets.rememberIn(reply.body);
    return reply;
  }

  const exchange = (key: string, asBx: boolean) => {
    const form = { grant_type: 'urn:ibm:params:oauth:grant-type:apikey', apikey: key };
    return post('/identity/token', form, asBx);
  };

  return {
    issuer: iam,
    /** With another key than the real one: to see it refused. */
    exchangeOther: (key: string) => exchange(key, false),
    exchangeAlone: once(() => exchange(apiKey.reveal(), false)),
    /** A session of its own for every call: what is done to one must not show in another. */
    async openSession(): Promise<Reply> {
      const reply = await exchange(apiKey.reveal(), true);
      opened.push(String(reply.body['refresh_token'] ?? ''));
      return reply;
    },
    async refresh(refreshToken: string, asBx = true): Promise<Reply> {
      const reply = await post(
        '/identity/token',
        { grant_type: 'refresh_token', refresh_token: refreshToken },
        asBx,
      );
      if (reply.status === 200) opened.push(String(reply.body['refresh_token'] ?? ''));
      return reply;
    },
    discover: once(async () => {
      const url = `${iam}/identity/.well-known/openid-configuration`;
      const headers = { Accept: 'application/json' };
      return toReply(await http({ method: 'GET', url, headers, timeoutMs: TIMEOUT_MS }));
    }),
    /** Ends what was opened, as far as IAM lets us; otherwise it ends by itself. */
    async endSessions(): Promise<void> {
      for (const token of opened.filter(Boolean))
        await post('/identity/revoke', { token }, true).catch(() => {});
    },
  };
}
