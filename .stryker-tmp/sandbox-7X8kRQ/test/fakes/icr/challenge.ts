import { formatScope, type Scope } from './scopes.ts';

interface Challenge {
  readonly realm: string;
  readonly service: string;
  readonly scope?: string | undefined;
  readonly error?: string | undefined;
}

/** ICR's challenges have spaces after the commas, which other registries' do not have. */
function format({ realm, service, scope, error }: Challenge): string {
  const parameters = Object.entries({ realm, service, scope, error }).filter(
    ([, value]) => value !== undefined,
  );
  return `Bearer ${parameters.map(([name, value]) => `${name}="${value}"`).join(', ')}`;
}

/** The realm is on the host that was asked: every regional registry names itself. */
export function challengeFor(request: Request, scopes: readonly Scope[], error?: string): string {
  const scope = scopes.length > 0 ? scopes.map(formatScope).join(' ') : undefined;
  return format({ realm: realmFor(request), service: 'registry', scope, error });
}

/** Turns the upstream registry's challenge into the one that ICR would send. */
export function rewriteChallenge(upstream: string, request: Request): string {
  const parameters = [...upstream.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]);
  const { service = 'registry', scope, error } = Object.fromEntries(parameters);
  return format({ realm: realmFor(request), service, scope, error });
}

function realmFor(request: Request): string {
  return new URL('/oauth/token', request.url).href;
}
