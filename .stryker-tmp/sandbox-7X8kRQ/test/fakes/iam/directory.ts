import {
  type Identity,
  newServiceId,
  newTrustedProfile,
  newUser,
  randomAccount,
  type ServiceIdOptions,
  type TrustedProfileOptions,
  type UserOptions,
} from './identities.ts';
import { IamRefusal } from './refusals.ts';
import { randomText, type SecretOwners } from './secrets.ts';

/** IBM docs, "Managing user API keys": 44 characters. */
const API_KEY_LENGTH = 44;

interface ApiKey {
  readonly owner: Identity;
  disabled: boolean;
}

export type Directory = ReturnType<typeof createDirectory>;

/** Who exists in IAM, and which long-lived secrets stand for them. */
export function createDirectory(secrets: SecretOwners) {
  const account = randomAccount();
  const identities = new Set<Identity>();
  const suspended = new Set<Identity>();
  const keys = new Map<string, ApiKey>();
  const enrol = (identity: Identity) => {
    identities.add(identity);
    return identity;
  };
  const keyOf = (key: string) => keys.get(key) ?? fail(`no such API key: ${secrets.label(key)}`);

  return {
    /** The account of everyone who was added without one. */
    account,
    addUser: (options: UserOptions) => enrol(newUser(options, account)),
    addServiceId: (options: ServiceIdOptions) => enrol(newServiceId(options, account)),
    addTrustedProfile: (options: TrustedProfileOptions) => enrol(newTrustedProfile(options, account)),

    addApiKey(owner: Identity): string {
      const key = randomText(API_KEY_LENGTH);
      keys.set(key, { owner, disabled: false });
      secrets.remember(key, owner);
      return key;
    },
    disableKey(key: string): void {
      keyOf(key).disabled = true;
    },
    enableKey(key: string): void {
      keyOf(key).disabled = false;
    },
    deleteKey(key: string): void {
      keys.delete(key);
    },
    /** A suspended identity keeps its keys, but gets no token (BXNIM0436E). */
    suspend: (identity: Identity) => void suspended.add(identity),
    reinstate: (identity: Identity) => void suspended.delete(identity),
    /** Removed from the account: BXNIM0410E. */
    remove: (identity: Identity) => void identities.delete(identity),

    ownerOfKey(key: string): Identity {
      const found = keys.get(key);
      if (!found) throw new IamRefusal('BXNIM0415E');
      if (found.disabled) throw new IamRefusal('BXNIM0462E');
      return found.owner;
    },
    /** Refuses whoever may not have a token now. */
    requireActive(identity: Identity, wanted = identity.account): void {
      if (!identities.has(identity)) throw new IamRefusal('BXNIM0410E');
      const member = identity.accounts.includes(wanted);
      if (suspended.has(identity) || !member) throw new IamRefusal('BXNIM0436E');
    },
    find: (wanted: (identity: Identity) => boolean) => [...identities].find(wanted) ?? null,
  };
}

function fail(message: string): never {
  throw new Error(message);
}
