import { statSync } from 'node:fs';
import { HelperError } from '../errors.ts';
import { decodeAccessToken } from '../iam/access-token.ts';
import type { System } from '../system.ts';
import { isUsable, type Tokens } from '../tokens.ts';
import { askCli, findCli } from './cli.ts';
import type { CliSession, Lookup } from './session.ts';

/**
 * A token of the session, by way of the CLI that owns it: its refresh token is never redeemed here, it
 * may be worthless afterwards. To be called under a lock. Fails with `expired`.
 */
export async function renewSession(lookUp: () => Promise<Lookup>, system: System): Promise<Tokens> {
  // Read again: the CLI may have renewed it, or have been logged out, while we waited for the lock.
  const { session } = await lookUp();
  if (!session) throw over('the session of the ibmcloud CLI is not there any more');
  const kept = fromNow(session.accessToken, system.now());
  if (session.current && kept) return kept;
  const answer = await ask(session, system);
  const tokens =
    'problem' in answer
      ? await waitForOther(session, lookUp, system)
      : fromNow(answer.accessToken, system.now());
  // Where the CLI has nothing better, its old one serves to the end.
  if (tokens ?? kept) return (tokens ?? kept) as Tokens;
  const problem = 'problem' in answer ? answer.problem : 'ibmcloud gave one that has run out too';
  throw over(`the token of the ibmcloud CLI has run out, and ${problem}`);
}

/** An exchange with IAM and a little more. */
const OTHER_RUN_MS = 2_000;
const PAUSE_MS = 100;

/**
 * Another run of the CLI may have been quicker, and ours came with a refresh token that was used up: one
 * of the person's own, or one that outlives the helper that started it. It writes what it got.
 */
async function waitForOther(
  { accessToken }: CliSession,
  lookUp: () => Promise<Lookup>,
  system: System,
): Promise<Tokens | null> {
  for (let waited = 0; waited < OTHER_RUN_MS; waited += PAUSE_MS) {
    const { session } = await lookUp();
    if (session && session.accessToken !== accessToken) return fromNow(session.accessToken, system.now());
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  return null;
}

async function ask(
  session: CliSession,
  system: System,
): Promise<{ accessToken: string } | { problem: string }> {
  const program = findCli(system);
  if (!program) return { problem: 'ibmcloud, which could renew it, is not found' };
  if (!isOurs(session.folder, system)) return { problem: `${session.folder} belongs to another user` };
  const answer = await askCli(program, session.folder, system);
  return 'problem' in answer ? { problem: `${program} ${answer.problem}` } : answer;
}

/** The CLI leaves files behind: under `sudo -E` they would be root's, and lock their user out. */
function isOurs(folder: string, { euid, platform }: System): boolean {
  try {
    return platform === 'win32' || statSync(folder).uid === euid;
  } catch {
    return false;
  }
}

/** What is left of it, if that is worth something. */
function fromNow(accessToken: string, now: number): Tokens | null {
  const claims = decodeAccessToken(accessToken);
  if (!claims) return null;
  const tokens = { accessToken, receivedAt: now, expiresIn: claims.expiresAt - now / 1000 };
  return isUsable(tokens, now) ? tokens : null;
}

export const WAY_OUT = 'run ibmcloud login (or ibmcloud login --sso), or docker-credential-icr login';

function over(message: string): HelperError {
  return new HelperError('expired', message, { hint: WAY_OUT });
}
