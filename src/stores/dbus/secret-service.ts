import { connect } from './connection.ts';
import { type Message, type MethodCall, Reader } from './message.ts';

/**
 * Reads one secret from the Secret Service (freedesktop.org, "Secret Service API"), without libsecret,
 * whose loading alone takes longer than an answer may (docs/decisions/0009-secret-service.md). Null
 * where it is not as simple as that: not there, locked, more than one. Throws BusTimeout, and what
 * `connect` throws.
 */
export function lookUpSecret(
  attributes: Readonly<Record<string, string>>,
  path: string,
  ms: number,
): string | null {
  const bus = connect(path, ms);
  try {
    const [opened, searched] = bus.call([openSession, searchItems(attributes)]);
    const session = opened && bodyOf(opened, 'vo', readSession);
    const item = searched && bodyOf(searched, 'aoao', readOnlyUnlocked);
    if (!session || !item) return null;
    const [answer] = bus.call([getSecret(item, session)]);
    return (answer && bodyOf(answer, '(oayays)', readSecret)) ?? null;
  } finally {
    bus.close();
  }
}

const SERVICE = { destination: 'org.freedesktop.secrets', path: '/org/freedesktop/secrets' };

/** Unencrypted: it goes over a socket of this user, who can ask for the secret as well. */
const openSession: MethodCall = {
  ...SERVICE,
  interface: 'org.freedesktop.Secret.Service',
  member: 'OpenSession',
  body: [
    { type: 's', value: 'plain' },
    { type: 'v', value: '' },
  ],
};

const searchItems = (attributes: Readonly<Record<string, string>>): MethodCall => ({
  ...SERVICE,
  interface: 'org.freedesktop.Secret.Service',
  member: 'SearchItems',
  body: [{ type: 'm', value: attributes }],
});

const getSecret = (item: string, session: string): MethodCall => ({
  destination: SERVICE.destination,
  path: item,
  interface: 'org.freedesktop.Secret.Item',
  member: 'GetSecret',
  body: [{ type: 'o', value: session }],
});

const METHOD_RETURN = 2;

function bodyOf<T>(message: Message, signature: string, read: (reader: Reader) => T): T | null {
  if (message.type !== METHOD_RETURN || message.signature !== signature) return null;
  return read(new Reader(message.body));
}

function readSession(reader: Reader): string | null {
  // The service's part of a key exchange: an empty string, since there is none.
  if (reader.signature() !== 's') return null;
  reader.string();
  return reader.string();
}

function readOnlyUnlocked(reader: Reader): string | null {
  const unlocked: string[] = [];
  reader.array(4, () => void unlocked.push(reader.string()));
  return unlocked.length === 1 ? (unlocked[0] ?? null) : null;
}

function readSecret(reader: Reader): string {
  reader.string();
  const parameters = reader.uint32();
  reader.take(parameters);
  return new TextDecoder('utf-8', { fatal: true }).decode(reader.take(reader.uint32()));
}
