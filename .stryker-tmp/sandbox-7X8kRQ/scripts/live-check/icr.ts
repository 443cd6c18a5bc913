import type { Http } from '../../src/http.ts';
import { once } from './finding.ts';
import { type Reply, toReply } from './reply.ts';
import type { SeenSecrets } from './secrets.ts';

/** One registry host, asked as clients ask it. */
export type LiveIcr = ReturnType<typeof createLiveIcr>;

export interface Login {
  readonly username: string;
  readonly secret: string;
  /** GET with Basic, as docker, podman and skopeo; POST with grant_type=password, as helm and buildx. */
  readonly form: 'GET' | 'POST';
  readonly scope?: string;
  /** Asks for an identity token too, as `docker login` does. */
  readonly offline?: boolean;
}

const TIMEOUT_MS = 30_000;
const CLIENT_ID = 'docker-credential-icr';

export function createLiveIcr(host: string, http: Http, secrets: SeenSecrets) {
  const tokenUrl = `https://${host}/oauth/token`;

  async function send(
    method: 'GET' | 'POST',
    url: string,
    more: { headers?: object; form?: Record<string, string> },
  ) {
    const form = more.form && new URLSearchParams(more.form).toString();
    const headers = {
      Accept: 'application/json',
      ...(form !== undefined && { 'Content-Type': 'application/x-www-form-urlencoded' }),
      ...more.headers,
    };
    const body = form === undefined ? {} : { body: form };
    const reply = toReply(await http({ method, url, headers, timeoutMs: TIMEOUT_MS, ...body }));
    secrets.rememberIn(reply.body);
    return reply;
  }

  const challenge = async (path: string) =>
    (await send('GET', `https://${host}${path}`, {})).header('www-authenticate') ?? '';

  return {
    host,
    tokenUrl,
    challenge: once(() => challenge('/v2/')),
    challengeFor: (repository: string) => challenge(`/v2/${repository}/manifests/latest`),
    logIn({ username, secret, form, scope, offline }: Login): Promise<Reply> {
      const common = { service: 'registry', ...(scope && { scope }) };
      if (form === 'GET') {
        const query = new URLSearchParams({
          ...common,
          ...(offline && { offline_token: 'true', client_id: CLIENT_ID }),
        });
        const basic = Buffer.from(`${username}:${secret}`).toString('base64');
        return send('GET', `${tokenUrl}?${query}`, { headers: { Authorization: `Basic ${basic}` } });
      }
      const fields = { grant_type: 'password', username, password: secret, client_id: CLIENT_ID, ...common };
      return send('POST', tokenUrl, { form: fields });
    },
    /** How clients use the identity token that `docker login` left them. */
    useIdentityToken(identityToken: string): Promise<Reply> {
      const fields = { grant_type: 'refresh_token', refresh_token: identityToken, client_id: CLIENT_ID };
      return send('POST', tokenUrl, { form: { ...fields, service: 'registry' } });
    },
  };
}
