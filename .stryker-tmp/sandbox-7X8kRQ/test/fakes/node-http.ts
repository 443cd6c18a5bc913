/** Between node's messages and the web's: the only place that knows both. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** The request's signal aborts when its client goes away, as that of a fetch handler does. */
export function toRequest(incoming: IncomingMessage, outgoing: ServerResponse, scheme: string): Request {
  const { method = 'GET', url = '/', headers } = incoming;
  const gone = new AbortController();
  outgoing.once('close', () => {
    if (!outgoing.writableFinished) gone.abort(new Error('client went away'));
  });
  return new Request(`${scheme}://${headers.host ?? 'localhost'}${url}`, {
    method,
    headers: toHeaders(incoming),
    signal: gone.signal,
    ...(hasBody(incoming) && { body: Readable.toWeb(incoming) as ReadableStream, duplex: 'half' }),
  });
}

/** Streams the body; a body that fails half-way takes the connection with it. */
export async function sendResponse(response: Response, outgoing: ServerResponse): Promise<void> {
  for (const [name, value] of response.headers) outgoing.appendHeader(name, value);
  outgoing.writeHead(response.status);
  if (!response.body) {
    outgoing.end();
    return;
  }
  // The first bytes have to leave before a failure, or the client sees no answer at all.
  outgoing.flushHeaders();
  await pipeline(Readable.fromWeb(response.body as never), outgoing).catch(() => outgoing.destroy());
}

function toHeaders({ rawHeaders }: IncomingMessage): Headers {
  const headers = new Headers();
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    headers.append(rawHeaders[index] ?? '', rawHeaders[index + 1] ?? '');
  }
  return headers;
}

function hasBody({ method, headers }: IncomingMessage): boolean {
  if (method === 'GET' || method === 'HEAD') return false;
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}
