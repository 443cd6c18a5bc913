import type { App } from '../../app.ts';
import { DEFAULT_PROFILE, profileFor } from '../../config/profiles.ts';
import type { Exchangeable } from '../../credential.ts';
import { parseRegistryHost } from '../../registry-host.ts';
import type { Secret } from '../../secret.ts';
import { type CredentialRecord, emptyRecord, type RecordName } from '../../stores/records.ts';
import type { Tokens } from '../../tokens.ts';
import { assumedBy } from './assume.ts';
import type { Accepted } from './way.ts';

/** Stores a credential under a name, with the first tokens that it gave: the next `get` asks nobody. */
export async function keep(
  name: RecordName,
  accepted: Accepted,
  { issuer, assumed }: { issuer: string; assumed: Tokens | null },
  app: App,
): Promise<void> {
  const { username, secret, tokens } = accepted;
  const { store } = app.context;
  const added = { username, secret, issuer };
  await store.keep(name, added, (current, renewable) => ({ ...emptyRecord(current), renewable }));
  const stored = (await store.record(name))?.renewable;
  if (!stored) return;
  const credential = toCredential(accepted, { fingerprint: stored.id, issuer, reveal: async () => secret });
  await (await app.openSlot(credential, 'access-token')).write(tokens);
  const trusted = assumed && assumedBy(credential, name.name, app);
  if (trusted) await (await app.openSlot(trusted, 'access-token')).write(assumed);
}

interface Issued {
  fingerprint: string;
  issuer: string;
  reveal(): Promise<Secret>;
}

/** Only to find its slot, or to assume a trusted profile once: nothing is renewed here. */
export function toCredential({ username }: Accepted, issued: Issued): Exchangeable {
  if (username === 'iamapikey') return { type: 'api-key', ...issued };
  return { type: 'session', ...issued, replace: async () => {} };
}

/** A login is what a logout waits for: that of the default profile lifts all, another's what the settings give to it. */
export async function liftLogouts(profile: string, { context: { settings, store } }: App): Promise<void> {
  const holdsNothing = ({ renewable, session, discarded }: CredentialRecord) =>
    !renewable && !session && !discarded;
  const isServed = ({ name }: CredentialRecord) => {
    const host = parseRegistryHost(name);
    try {
      return profile === DEFAULT_PROFILE || (host && profileFor(host, settings, {}).name === profile);
    } catch {
      // Misspelt in the settings: whoever asks for that registry is told.
      return false;
    }
  };
  for (const record of store.records()) {
    if (record.loggedOut && holdsNothing(record) && isServed(record)) await store.change(record, () => null);
  }
}
