import type { Identity } from '../iam/identities.ts';
import { NOT_AUTHORIZED, OVER_QUOTA, PRIVATE_ONLY, RegistryRefusal } from './refusals.ts';
import { actionsOf, namespaceOf, narrow, type Role, type Scope } from './scopes.ts';
import type { IcrSettings } from './settings.ts';

export type Access = ReturnType<typeof createAccess>;

/** Who may do what in which namespace. */
export function createAccess(settings: IcrSettings) {
  const roles = new Map<string, readonly Role[]>();
  const keyOf = (identity: Identity, namespace: string) => `${identity.iamId} ${namespace}`;

  const PULL = new Set(['pull']);
  function allowedActions(identity: Identity | null, repository: string): ReadonlySet<string> {
    const own = identity
      ? actionsOf(roles.get(keyOf(identity, namespaceOf(repository))) ?? [])
      : new Set<string>();
    return settings.publicRepositories.has(repository) ? new Set([...own, ...PULL]) : own;
  }

  return {
    /** Replaces what the identity had in this namespace; no roles at all take access away. */
    allow: (identity: Identity, namespace: string, ...given: Role[]) => {
      roles.set(keyOf(identity, namespace), given);
    },
    /**
     * The access that a token gets. Refuses as a whole if nothing of it is allowed, or if a push is
     * not: then clients show ICR's own sentence and not the registry's "authentication required".
     */
    grant(identity: Identity | null, wanted: readonly Scope[]): Scope[] {
      const granted = wanted.map((scope) => narrow(scope, allowedActions(identity, scope.name)));
      const short = wanted.filter((scope, index) => granted[index]?.actions.length !== scope.actions.length);
      const pushRefused = short.some(({ actions }) => actions.includes('push'));
      if (short.length > 0 && (pushRefused || short.length === wanted.length)) {
        throw new RegistryRefusal('DENIED', NOT_AUTHORIZED);
      }
      return granted.filter(({ actions }) => actions.length > 0);
    },
    /** Refuses for reasons that lie in the account and not in the identity. */
    requireAccount(account: string, host: string, wanted: readonly Scope[]): void {
      if (settings.privateOnly.has(account) && !host.startsWith('private.')) {
        throw new RegistryRefusal('DENIED', PRIVATE_ONLY);
      }
      // A push pulls too, to see what is there: that is not counted as traffic.
      const pulls = wanted.some(({ actions }) => actions.includes('pull') && !actions.includes('push'));
      if (pulls && settings.overPullQuota.has(account)) throw new RegistryRefusal('DENIED', OVER_QUOTA);
    },
  };
}
