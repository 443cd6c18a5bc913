import { identityOf } from '../iam/identity.ts';
import type { System } from '../system.ts';
import { findCli } from './cli.ts';
import { WAY_OUT } from './renew.ts';
import type { CliSession, Lookup } from './session.ts';

/** For doctor: what the session is worth, and who is going to renew it. */
export function explainSession(lookup: Lookup, system: System): { words: string; hint?: string } {
  if (!lookup.session) return { words: lookup.reason };
  const { session } = lookup;
  const life = `${ownerOf(session)}, ${lifeOf(session, system)}`;
  if (session.current) return { words: life };
  const program = findCli(system);
  if (program) return { words: `${life}, to be renewed by ${program}` };
  return { words: `${life}, and ibmcloud, which could renew it, is not found`, hint: WAY_OUT };
}

function ownerOf({ accessToken }: CliSession): string {
  const identity = identityOf(accessToken);
  return identity ? `${identity.name} (${identity.kind})` : 'a session of nobody knows whom';
}

function lifeOf({ accessToken }: CliSession, { now }: System): string {
  const end = (identityOf(accessToken)?.expiresAt ?? 0) * 1000;
  if (end === 0) return 'without a token';
  const words = end > now() ? 'alive until' : 'ran out at';
  return `${words} ${new Date(end).toISOString()}`;
}
