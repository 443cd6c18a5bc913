import type { Answer } from '../answer.ts';
import type { App } from '../app.ts';
import { CREDENTIAL_KINDS, type CredentialKind, credentialKindFor } from '../config/settings.ts';
import type { Credential } from '../credential.ts';
import { HelperError } from '../errors.ts';
import { answerFor, type HelperOptions } from '../helper.ts';
import { type Identity, identityOf } from '../iam/identity.ts';
import type { RegistryHost } from '../registry-host.ts';
import { requireServiceId } from '../sources/key-login.ts';
import { namedProfile } from '../sources/profile.ts';
import { findFirst } from '../sources/source.ts';
import type { Consumer, ExportedLogin } from './consumer.ts';
import { USE_SERVICE_ID } from './personal-key.ts';
import { DOCKER_HUB, type SelectedRegistry } from './registries.ts';

export interface LoginRequest {
  consumer: Consumer;
  /** Null: what clients get, or an API key where a token would not last. */
  kind: CredentialKind | null;
  /** Null: whoever answers. */
  profile: string | null;
  /** Also what runs out while the consumer still has it. */
  allowExpiring: boolean;
}

/** The login for a registry, null where there is none. What would not do is refused (`bad-input`). */
export async function obtainLogin(
  { name, host }: SelectedRegistry,
  request: LoginRequest,
  app: App,
): Promise<ExportedLogin | null> {
  const answer = host ? await answerOfIcr(host, request, app) : await answerKept(name, app);
  if (!answer) return null;
  refuseUnfit(name, answer);
  if (host) refuseShortLived(answer.username, request);
  return { registry: name, server: host?.name ?? name, ...answer };
}

/** As `get` finds it, under any of the names that clients have for it. */
async function answerKept(name: string, { helper }: App): Promise<Answer | null> {
  for (const server of name === DOCKER_HUB ? [DOCKER_HUB, 'docker.io', 'index.docker.io'] : [name]) {
    const kept = await helper.get(server);
    if (kept) return kept;
  }
  return null;
}

type OwnedAnswer = Answer & Pick<ExportedLogin, 'owner'>;

async function answerOfIcr(host: RegistryHost, request: LoginRequest, app: App): Promise<OwnedAnswer | null> {
  const kind = kindFor(host, request, app);
  refuseShortLived(kind, request);
  const options = optionsFor(request, app);
  if (kind !== 'iamapikey') return answerFor(host, kind, options);
  const found = await findFirst(options.sources, host);
  if (!found) return null;
  requireKey(host, found.credential, request);
  await requireFittingKey(found.credential, app);
  const answer = await answerFor(host, kind, options);
  const owner = await ownerOf(found.credential, app);
  return answer && { ...answer, ...(owner && { owner }) };
}

/** Asks nobody: null where no token has been made of the key yet. */
async function ownerOf(credential: Credential, { openSlot }: App): Promise<Identity | null> {
  if (credential.type !== 'api-key') return null;
  const tokens = await (await openSlot(credential, 'access-token')).read();
  return tokens && identityOf(tokens.accessToken);
}

function optionsFor({ profile }: LoginRequest, app: App): HelperOptions {
  // A copy would ask for the home, which a key from the environment does without.
  return profile === null ? app : { ...app, sources: [namedProfile(profile, app.context)] };
}

function kindFor(host: RegistryHost, { consumer, kind, profile }: LoginRequest, app: App): CredentialKind {
  if (kind !== null) return kind;
  if (consumer.keptIn !== null) return 'iamapikey';
  const { settings, system } = app.context;
  const env = profile === null ? system.env : { ...system.env, ICR_PROFILE: profile };
  return credentialKindFor(host, settings, env);
}

/** User names of what runs out: all of our kinds but the key. */
const SHORT_LIVED: readonly string[] = CREDENTIAL_KINDS.filter((kind) => kind !== 'iamapikey');

function refuseShortLived(username: string, { consumer: { keptIn }, allowExpiring }: LoginRequest): void {
  if (keptIn === null || allowExpiring || !SHORT_LIVED.includes(username)) return;
  throw new HelperError(
    'bad-input',
    `${username} runs out, while ${keptIn} stays: pulls would fail from then on`,
    {
      hint: 'export an API key (--kind iamapikey), or add --allow-expiring and export again in time',
    },
  );
}

function requireKey(
  host: RegistryHost,
  credential: Credential,
  { consumer: { keptIn } }: LoginRequest,
): void {
  const shows = answersWithoutKey(credential);
  if (shows === null) return;
  const allowing = keptIn === null ? '' : ' --allow-expiring';
  throw new HelperError(
    'bad-input',
    `${host.name} is answered by ${shows}, and no API key is there to export`,
    {
      hint: `${USE_SERVICE_ID}, or use --kind iambearer${allowing}`,
    },
  );
}

/** `get` does not ask whose key it is, but what is exported here stays where it fails. */
async function requireFittingKey(credential: Credential, { provideTokens }: App): Promise<void> {
  if (credential.type !== 'token' || !credential.keyLogin) return;
  const { key, username } = credential.keyLogin;
  requireServiceId(await provideTokens(key, 'access-token'), username);
}

/** Who answers, where that cannot be with a key. */
function answersWithoutKey(credential: Credential): string | null {
  if (credential.type === 'session') return 'a session';
  return credential.type === 'token' && !credential.keyLogin ? credential.shows : null;
}

const CONTROL = /\p{Cc}/u;

function refuseUnfit(registry: string, answer: Answer): void {
  const problem = misfitOf(answer);
  if (problem === null) return;
  throw new HelperError('bad-input', `the login for ${registry} ${problem}`, {
    hint: 'log in to it again, with docker-credential-icr login for ICR',
  });
}

/** Why it does not fit into `user:password`, or into one line. */
function misfitOf({ username, secret }: Answer): string | null {
  if (username === '<token>') return 'is the session of a docker login, which only clients understand';
  if (username.includes(':') || CONTROL.test(username))
    return 'has a user name that cannot be written as user:password';
  return CONTROL.test(secret.reveal()) ? 'has a password of several lines' : null;
}
