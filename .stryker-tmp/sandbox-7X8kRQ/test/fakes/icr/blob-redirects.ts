import type { Handler } from '../http.ts';
import { randomText } from '../iam/secrets.ts';
import type { RegistryTokens } from './registry-tokens.ts';
import type { IcrSettings } from './settings.ts';

const BLOB_PATH = /^\/v2\/(.+)\/blobs\/(sha256:[0-9a-f]{64})$/;
const TICKET_PATH = /^\/download\/([A-Za-z0-9_-]+)$/;

/**
 * Blob downloads as ICR serves them: the registry redirects to `dd*.icr.io`, where the URL alone is
 * the permission. Clients must not send their registry token along.
 */
export function withBlobRedirects(registry: Handler, settings: IcrSettings, tokens: RegistryTokens) {
  const tickets = new Map<string, string>();

  async function redirect(request: Request, host: string, path: string): Promise<Response> {
    const { headers, signal } = request;
    const probe = await registry(new Request(request.url, { method: 'HEAD', headers, signal }));
    if (!probe.ok) return registry(request);
    const ticket = randomText(64);
    tickets.set(ticket, path);
    const { port } = new URL(request.url);
    const location = `https://${host}${port && `:${port}`}/download/${ticket}`;
    return new Response(null, { status: 307, headers: { location } });
  }

  async function download(request: Request, path: string): Promise<Response> {
    const [, name = ''] = BLOB_PATH.exec(path) ?? [];
    const token = tokens.issue('', 'registry', [{ type: 'repository', name, actions: ['pull'] }]);
    const headers = { authorization: `Bearer ${token}` };
    return registry(
      new Request(new URL(path, request.url), { method: request.method, headers, signal: request.signal }),
    );
  }

  const handle: Handler = async (request) => {
    const { pathname } = new URL(request.url);
    const path = tickets.get(TICKET_PATH.exec(pathname)?.[1] ?? '');
    if (path) return download(request, path);
    const redirects = settings.blobHost && request.method === 'GET' && BLOB_PATH.test(pathname);
    return redirects ? redirect(request, settings.blobHost ?? '', pathname) : registry(request);
  };
  return handle;
}
