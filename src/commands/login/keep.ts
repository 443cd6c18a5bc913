import type { App } from '../../app.ts';
import type { Exchangeable } from '../../credential.ts';
import type { Secret } from '../../secret.ts';
import { emptyRecord } from '../../stores/credential-store.ts';
import type { CredentialRecord, RecordName } from '../../stores/records.ts';
import type { Accepted } from './way.ts';

/** Stores a credential under a name, with the first token that it gave: the next `get` asks nobody. */
export async function keep(name: RecordName, accepted: Accepted, issuer: string, app: App): Promise<void> {
  const { username, secret, tokens } = accepted;
  const { store } = app.context;
  const added = { username, secret, issuer };
  await store.keep(name, added, (current, renewable) => ({ ...emptyRecord(current), renewable }));
  const stored = (await store.record(name))?.renewable;
  if (!stored) return;
  const credential = toCredential(accepted, { fingerprint: stored.id, issuer, reveal: async () => secret });
  await (await app.openSlot(credential, 'access-token')).write(tokens);
}

interface Issued {
  fingerprint: string;
  issuer: string;
  reveal(): Promise<Secret>;
}

/** Only to find its slot: nothing is renewed here. */
function toCredential({ username }: Accepted, issued: Issued): Exchangeable {
  if (username === 'iamapikey') return { type: 'api-key', ...issued };
  return { type: 'session', ...issued, replace: async () => {} };
}

/** A login is what a logout waits for. */
export async function liftLogouts({ context: { store } }: App): Promise<void> {
  const holdsNothing = ({ renewable, session, discarded }: CredentialRecord) =>
    !renewable && !session && !discarded;
  for (const record of store.records()) {
    if (record.loggedOut && holdsNothing(record)) await store.change(record, () => null);
  }
}
