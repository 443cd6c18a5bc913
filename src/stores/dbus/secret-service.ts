import { connect } from './connection.ts';
import { METHOD_RETURN, type Message, type MethodCall, Reader } from './message.ts';

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
    const session = opened ? sessionOf(opened) : null;
    const item = searched ? onlyUnlockedOf(searched) : null;
    if (session === null || item === null) return null;
    const [answer] = bus.call([getSecret(item, session)]);
    return answer ? secretOf(answer) : null;
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

/** The session's path, from the answer to OpenSession. Null, here and below, for another answer. */
export function sessionOf(answer: Message): string | null {
  return bodyOf(answer, 'vo', (reader) => {
    // The service's part of a key exchange: an empty string, since there is none.
    if (reader.signature() !== 's') return null;
    reader.string();
    return reader.string();
  });
}

/** The path of the item, from the answer to SearchItems: unlocked ones, then locked ones. */
export function onlyUnlockedOf(answer: Message): string | null {
  return bodyOf(answer, 'aoao', (reader) => {
    const unlocked: string[] = [];
    reader.array(4, () => void unlocked.push(reader.string()));
    return unlocked.length === 1 ? (unlocked[0] ?? null) : null;
  });
}

/** From the answer to GetSecret: session, parameters of the encryption, value, type of its content. */
export function secretOf(answer: Message): string | null {
  return bodyOf(answer, '(oayays)', (reader) => {
    reader.string();
    reader.take(reader.uint32());
    return reader.text(reader.uint32());
  });
}

function bodyOf<T>(
  { type, signature, body }: Message,
  wanted: string,
  read: (reader: Reader) => T,
): T | null {
  return type === METHOD_RETURN && signature === wanted ? read(new Reader(body)) : null;
}
