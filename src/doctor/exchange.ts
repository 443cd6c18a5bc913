import type { Exchangeable } from '../credential.ts';
import { isHelperError } from '../errors.ts';
import { explain } from '../explain.ts';
import { kindFor } from '../helper.ts';
import { apiKeyGrant } from '../iam/grants.ts';
import { identityOf } from '../iam/identity.ts';
import { nameOf } from '../sources/source.ts';
import type { Tokens } from '../tokens.ts';
import { type Answering, answering } from './answering.ts';
import { type Check, type DoctorContext, type Finding, failure, ok, skipped, warning } from './check.ts';

/** Whether IAM gives a token for the credential, now and not an hour ago. */
export const exchange: Check = {
  name: 'exchange',
  network: true,
  // More than IAM (12 s) or the ibmcloud CLI (10 s) may take: whoever does not answer is named.
  limitMs: 15_000,
  stuckHint:
    'try again in a minute: IAM is slow or refuses for now, or ibmcloud is slow where it renews its session',
  run: async (context) => {
    const found = await answering(context);
    return found ? tryAll(found, context) : [skipped('there is no credential to exchange')];
  },
};

/** As `get` does it: what has lapsed makes room for the next, and is a failure where there is none. */
async function tryAll({ source, credential }: Answering, context: DoctorContext): Promise<Finding[]> {
  try {
    return [await tryOne(credential, context)];
  } catch (error) {
    if (!source.lapses || !isHelperError(error, 'expired')) throw error;
    context.known.lapsed = [...(context.known.lapsed ?? []), source];
    const next = await answering(context);
    if (!next) throw error;
    const { message, hint } = explain(error);
    const lapsed = warning(
      `${message}: ${nameOf(next.source, context.host)} answers`,
      hint === undefined ? {} : { hint },
    );
    return [lapsed, ...(await tryAll(next, context))];
  }
}

async function tryOne(credential: Answering['credential'], context: DoctorContext): Promise<Finding> {
  if (credential.type === 'ready')
    return skipped(`nothing to exchange: ${credential.username} is handed out as it is stored`);
  if (context.known.iamFails) return skipped('IAM cannot be reached');
  const tokens = await ask(credential, context);
  const identity = identityOf(tokens.accessToken);
  if (!identity) {
    context.known.credentialFails = true;
    return failure('IAM gave a token that does not say whose it is', {
      hint: 'check for a proxy in between',
    });
  }
  const account = identity.account ? ` of account ${identity.account}` : '';
  const minutes = Math.round(tokens.expiresIn / 60);
  const isToken = kindFor(context.host, context.app.context) === 'iambearer';
  const longer = ', jobs that pull or push for longer need "credentialKind": "iamapikey"';
  return ok(`IAM gives a token for ${identity.name}, ${identity.kind}${account} (${identity.iamId})`, {
    detail: `it lives ${minutes} minutes${isToken ? longer : ''}`,
  });
}

/**
 * Past the cache for what may have been deleted or switched off since: a key, a machine's identity.
 * Not for a session, which may be used up by that, nor where a failure is remembered because each
 * try costs much.
 */
async function ask(credential: Exchangeable, { app, http }: DoctorContext): Promise<Tokens> {
  const { exchange, provideTokens } = app;
  if (credential.type === 'api-key')
    return exchange(apiKeyGrant(await credential.reveal(), false, credential.place), credential.issuer);
  if (credential.type === 'session' || credential.failuresLastMs !== undefined)
    return provideTokens(credential, 'access-token');
  const base = credential.base && (await provideTokens(credential.base, 'access-token'));
  return credential.obtain({ exchange, http: await http(), ...(base && { base }) });
}
