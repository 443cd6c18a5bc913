import { type Answer, answerWith } from '../answer.ts';
import { kindFor } from '../helper.ts';
import type { Http, HttpResponse } from '../http.ts';
import { NAME, VERSION } from '../version.ts';
import { answering } from './answering.ts';
import { type Challenge, parseChallenge } from './challenge.ts';
import { type Check, type DoctorContext, type Finding, failure, ok, skipped } from './check.ts';
import { describeRefusal, notRegistry } from './refusal.ts';
import { unreachable } from './unreachable.ts';

const TIMEOUT_MS = 6_000;
const USER_AGENT = { 'User-Agent': `${NAME}/${VERSION}` };

/** Whether the registry answers as one, and takes the very login that clients get from us. */
export const registry: Check = {
  name: 'registry',
  network: true,
  stuckHint: 'try again in a minute: the registry is slow',
  run: async (context) => {
    const { host } = context;
    const http = await context.http();
    const url = `https://${host.name}/v2/`;
    let response: HttpResponse;
    try {
      response = await http({ method: 'GET', url, headers: USER_AGENT, timeoutMs: TIMEOUT_MS });
    } catch (error) {
      return [unreachable(error, new URL(url), context.app.context.system)];
    }
    const challenge = parseChallenge(response.header('www-authenticate'));
    if (response.status !== 401 || !challenge) return [notRegistry(response, host)];
    const reached = ok(`${host.name} answers and asks for a login`);
    const realm = new URL(challenge.realm);
    if (realm.protocol !== 'https:' || realm.host !== host.name) {
      return [
        failure(
          `${host.name} sends logins to ${realm.host}, which is not its own name: nothing is sent there`,
          {
            hint: 'check for a proxy in between',
          },
        ),
      ];
    }
    return [reached, ...(await tryLogin(challenge, http, context))];
  },
};

async function tryLogin(challenge: Challenge, http: Http, context: DoctorContext): Promise<Finding[]> {
  const { app, host, known } = context;
  const credential = (await answering(context))?.credential;
  if (!credential) return [skipped('there is no login to show')];
  if (known.credentialFails || known.iamFails) return [skipped('there is no token to show, see above')];
  const answer = await answerWith(credential, kindFor(host, app.context), app.provideTokens);
  if (!answer) return [skipped('there is no login to show')];
  const ask = (scope: string | null) => http(tokenRequest(challenge, answer, scope));
  const { username } = answer;
  const repository = repositoryOf(host.path);
  const login = await ask(null);
  if (login.status !== 200) return [describeRefusal(login, { host, username, repository: null })];
  const taken = ok(`${host.name} takes the login (${username})`, {
    ...(repository === null && {
      detail: `roles and quota show only with a repository: docker-credential-icr doctor ${host.name}/namespace/image`,
    }),
  });
  if (repository === null) return [taken];
  return [taken, await tryAccess(repository, username, ask, context)];
}

/** `us.icr.io/namespace` will do: access is given by namespace. */
function repositoryOf(path: string): string | null {
  const name = path.replace(/(?::[^/:]*|@.*)?\/?$/, '').toLowerCase();
  if (name === '' || /^v[12]$/.test(name)) return null;
  return name.includes('/') ? name : `${name}/${NAME}`;
}

async function tryAccess(
  repository: string,
  username: string,
  ask: (scope: string) => Promise<HttpResponse>,
  { host }: DoctorContext,
): Promise<Finding> {
  const asked = { host, username, repository };
  const pull = await ask(`repository:${repository}:pull`);
  if (pull.status !== 200) return describeRefusal(pull, asked);
  if (!grants(pull, 'pull')) {
    const body = JSON.stringify({ errors: [{ code: 'DENIED', message: 'the token gives no access' }] });
    return describeRefusal({ ...pull, body }, asked);
  }
  const push = await ask(`repository:${repository}:pull,push`);
  const mayPush = push.status === 200 && grants(push, 'push');
  return ok(`may pull${mayPush ? ' and push' : ', but not push'} ${host.name}/${repository}`);
}

/** Registries may give less than was asked for, and say so in the token (distribution, "Token"). */
function grants({ body }: HttpResponse, action: string): boolean {
  try {
    const { token, access_token } = JSON.parse(body);
    const payload = String(token ?? access_token).split('.')[1] ?? '';
    const { access } = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    if (!Array.isArray(access)) return true;
    return access.some(
      ({ actions }) => Array.isArray(actions) && [action, '*'].some((one) => actions.includes(one)),
    );
  } catch {
    // Not a token that says anything: the registry's word counts.
    return true;
  }
}

/** As clients do it: Basic for a user name and password, a form for `<token>`. */
function tokenRequest({ realm, service }: Challenge, { username, secret }: Answer, scope: string | null) {
  const fields = new URLSearchParams({ service, ...(scope !== null && { scope }) });
  const common = { headers: { ...USER_AGENT, Accept: 'application/json' }, timeoutMs: TIMEOUT_MS };
  if (username === '<token>') {
    fields.set('grant_type', 'refresh_token');
    fields.set('refresh_token', secret.reveal());
    fields.set('client_id', NAME);
    const headers = { ...common.headers, 'Content-Type': 'application/x-www-form-urlencoded' };
    return { ...common, method: 'POST' as const, url: realm, headers, body: fields.toString() };
  }
  const url = new URL(realm);
  for (const [name, value] of fields) url.searchParams.set(name, value);
  const basic = Buffer.from(`${username}:${secret.reveal()}`).toString('base64');
  const headers = { ...common.headers, Authorization: `Basic ${basic}` };
  return { ...common, method: 'GET' as const, url: url.href, headers };
}
