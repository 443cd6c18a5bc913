import { parseScopes, type Scope } from './scopes.ts';

const REPOSITORY_PATH = /^\/v2\/(.+?)\/(?:blobs|manifests|tags|referrers)\//;

/** What a request to `/v2/` needs, as distribution's registry asks for it in its challenges. */
export function requiredAccess(request: Request): Scope[] {
  const { pathname, searchParams } = new URL(request.url);
  const repository = REPOSITORY_PATH.exec(pathname)?.[1];
  if (!repository) return [];
  const source = searchParams.get('from');
  const mounted = source && searchParams.has('mount') ? [`repository:${source}:pull`] : [];
  return parseScopes([`repository:${repository}:${actionsFor(request.method)}`, ...mounted]);
}

function actionsFor(method: string): string {
  if (method === 'GET' || method === 'HEAD') return 'pull';
  return method === 'DELETE' ? 'delete' : 'pull,push';
}

export function covers(granted: readonly Scope[], wanted: readonly Scope[]): boolean {
  return wanted.every(({ type, name, actions }) => {
    const own = granted.find((scope) => scope.type === type && scope.name === name)?.actions ?? [];
    return own.includes('*') || actions.every((action) => own.includes(action));
  });
}
