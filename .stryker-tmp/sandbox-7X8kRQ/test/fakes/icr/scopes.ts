/** One `repository:ns/img:pull,push` of a token request (distribution, "Token scope"). */
export interface Scope {
  readonly type: string;
  readonly name: string;
  readonly actions: readonly string[];
}

/** Several scopes come as several parameters or, as distribution allows, apart by spaces. */
export function parseScopes(values: readonly string[]): Scope[] {
  return values.flatMap((value) => value.split(' ').filter(Boolean).map(parseScope));
}

/** The name may contain colons (a host's port), the type and the actions do not. */
function parseScope(value: string): Scope {
  const [type = '', ...rest] = value.split(':');
  const actions = rest.pop() ?? '';
  return { type, name: rest.join(':'), actions: actions.split(',').filter(Boolean) };
}

export function formatScope({ type, name, actions }: Scope): string {
  return `${type}:${name}:${actions.join(',')}`;
}

/** IBM docs, "IAM roles": push with pull needs Reader and Writer. */
export type Role = 'reader' | 'writer' | 'manager';

const ACTIONS: Readonly<Record<Role, readonly string[]>> = {
  reader: ['pull'],
  writer: ['push'],
  manager: ['pull', 'push', 'delete', '*'],
};

export function actionsOf(roles: readonly Role[]): ReadonlySet<string> {
  return new Set(roles.flatMap((role) => ACTIONS[role]));
}

/** What is left of a scope when only these actions are allowed. */
export function narrow(scope: Scope, allowed: ReadonlySet<string>): Scope {
  return { ...scope, actions: scope.actions.filter((action) => allowed.has(action)) };
}

export function namespaceOf(repository: string): string {
  return repository.split('/')[0] ?? '';
}
