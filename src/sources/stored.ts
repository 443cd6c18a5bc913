import { DEFAULT_PROFILE } from '../config/profiles.ts';
import { type Credential, type Exchangeable, secretKind } from '../credential.ts';
import { type EndpointContext, issuerForStored } from '../iam/endpoint.ts';
import { namesOf, type RegistryHost } from '../registry-host.ts';
import type { CredentialStore } from '../stores/credential-store.ts';
import {
  type CredentialRecord,
  type RecordName,
  registryRecord,
  type StoredSecret,
  type StoredSession,
  sessionName,
} from '../stores/records.ts';
import type { CredentialSource } from './source.ts';

export interface StoredContext extends EndpointContext {
  store: CredentialStore;
}

/** What a client or a login stored for this registry, or a namespace of it, and what can be renewed; or a logout. */
export function storedLogin(context: StoredContext): CredentialSource {
  return {
    name: 'the stored login',
    find: async (host) => {
      for (const name of namesOf(host)) {
        const own = registryRecord(name);
        const record = await context.store.record(own);
        const session = record?.session;
        if (session?.first && isAlive(session, context)) return storedCredential(session, own, host, context);
        if (record?.renewable) return storedCredential(record.renewable, record, host, context);
        if (record?.loggedOut) return { type: 'none' };
      }
      return null;
    },
  };
}

/** What a client stored and what runs out: an access token, or ICR's identity token. */
export function storedSession(context: StoredContext): CredentialSource {
  return {
    name: 'the stored session',
    find: async (host) => {
      const record = await context.store.record(registryRecord(host.name));
      const session = record?.session;
      return session && isAlive(session, context) ? storedCredential(session, record, host, context) : null;
    },
  };
}

/** What IAM makes tokens from, if that is what a record's renewable secret is. */
export function storedRenewable(
  record: CredentialRecord | null,
  host: RegistryHost,
  context: StoredContext,
): Exchangeable | null {
  const credential = record?.renewable ? storedCredential(record.renewable, record, host, context) : null;
  return credential?.type === 'api-key' || credential?.type === 'session' ? credential : null;
}

function isAlive({ expiresAt }: StoredSession, { system }: StoredContext): boolean {
  return expiresAt === undefined || expiresAt * 1000 > system.now();
}

/** A stored secret as what its user name says that it is; `name` is where it is stored. */
export function storedCredential(
  stored: StoredSecret,
  name: RecordName,
  host: RegistryHost,
  context: StoredContext,
): Credential {
  const { store } = context;
  const reveal = () => store.reveal(stored);
  const issued = () => ({
    fingerprint: stored.id,
    issuer: issuerForStored(host, context, stored.issuer),
    reveal,
  });
  switch (secretKind(stored.username)) {
    case 'api-key':
      return {
        type: 'api-key',
        ...issued(),
        sessionPlace: { store: stored.store, name: sessionName(stored.id) },
      };
    case 'refresh-token':
      return {
        type: 'session',
        ...issued(),
        loginHint: loginHint(name),
        replace: (successor) => store.renew(stored, successor),
      };
    default:
      return { type: 'ready', username: stored.username, reveal };
  }
}

/** A login somewhere else would leave the session that is over in its place. */
function loginHint({ kind, name }: RecordName): string {
  const profile = name === DEFAULT_PROFILE ? '' : ` --profile ${name}`;
  const where = kind === 'registry' ? ` --registry ${name}` : profile;
  return `run docker-credential-icr login --sso${where}, or log in with an API key`;
}
