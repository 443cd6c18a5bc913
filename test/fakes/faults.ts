import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { hang, htmlResponse, pause } from './http.ts';
import type { RefusalCode } from './iam/refusals.ts';

/** Everything that has been seen to go wrong between a client and IBM Cloud, as data. */
export type Fault =
  /** 429 or any 5xx, as gateways answer. Retry-After in seconds, or as an HTTP date if a Date. */
  | { readonly kind: 'status'; readonly status: number; readonly retryAfter?: number | Date }
  /** A page by a proxy that stands in the way; any status, 200 included (captive portals). */
  | { readonly kind: 'html'; readonly status: number }
  /** The request arrives and no answer ever comes. */
  | { readonly kind: 'hang' }
  /** Late, and then the normal answer or another fault. */
  | { readonly kind: 'delay'; readonly milliseconds: number; readonly followedBy?: Fault }
  /** IAM's own error body, whatever was asked. */
  | { readonly kind: 'refuse'; readonly code: RefusalCode }
  /** The connection ends before any answer. */
  | { readonly kind: 'close' }
  /** A complete HTTP answer whose JSON stops half-way. */
  | { readonly kind: 'cut-json' }
  /** The connection ends half-way through the body. */
  | { readonly kind: 'cut-body' }
  /** The normal answer, one byte each time: for ever in practice. */
  | { readonly kind: 'drip'; readonly milliseconds: number }
  /** More than any token answer; gzip makes it small on the wire (a decompression bomb). */
  | { readonly kind: 'huge'; readonly megabytes: number; readonly gzip?: boolean }
  | { readonly kind: 'redirect'; readonly location: string; readonly status?: number };

/** Thrown by a handler in place of an answer; the server mount makes a destroyed socket of it. */
export class ConnectionClosed extends Error {
  override name = 'ConnectionClosed';
  /** What node's clients report for a closed socket, so that in-process callers see the same. */
  readonly code = 'ECONNRESET';

  constructor() {
    super('connection closed by the double');
  }
}

export interface Answers {
  normal(): Promise<Response>;
  refuse(code: RefusalCode): Response;
}

/** Never returns for `hang`, throws ConnectionClosed for `close`; an aborted request rejects. */
export async function answerWith(fault: Fault | null, request: Request, answers: Answers): Promise<Response> {
  if (!fault) return answers.normal();
  switch (fault.kind) {
    case 'status':
      return statusResponse(fault.status, fault.retryAfter);
    case 'html':
      return htmlResponse(fault.status, '<h1>Proxy</h1><p>Access to this site is <b>blocked</b>.</p>');
    case 'hang':
      return hang(request);
    case 'delay':
      await pause(fault.milliseconds, request);
      return answerWith(fault.followedBy ?? null, request, answers);
    case 'refuse':
      return answers.refuse(fault.code);
    case 'close':
      throw new ConnectionClosed();
    case 'cut-json':
      return new Response(await half(answers.normal()), { headers: { 'content-type': 'application/json' } });
    case 'cut-body':
      return cutBody(await half(answers.normal()));
    case 'drip':
      return drip(await (await answers.normal()).text(), fault.milliseconds, request);
    case 'huge':
      return hugeResponse(fault.megabytes, fault.gzip ?? false);
    case 'redirect':
      return new Response(null, { status: fault.status ?? 307, headers: { location: fault.location } });
  }
}

function statusResponse(status: number, retryAfter: number | Date | undefined): Response {
  const headers = new Headers({ 'content-type': 'text/plain' });
  if (retryAfter !== undefined) {
    headers.set('retry-after', retryAfter instanceof Date ? retryAfter.toUTCString() : String(retryAfter));
  }
  return new Response('upstream request failed\n', { status, headers });
}

async function half(response: Promise<Response>): Promise<string> {
  const text = await (await response).text();
  return text.slice(0, Math.floor(text.length / 2));
}

/** The stream fails after the first half; the server mount then destroys the socket. */
function cutBody(firstHalf: string): Response {
  let sent = false;
  const body = new ReadableStream({
    pull(controller) {
      if (sent) return controller.error(new ConnectionClosed());
      sent = true;
      controller.enqueue(Buffer.from(firstHalf));
    },
  });
  return new Response(body, { headers: { 'content-type': 'application/json' } });
}

function drip(text: string, milliseconds: number, request: Request): Response {
  const bytes = Buffer.from(text);
  let sent = 0;
  const body = new ReadableStream({
    pull: async (controller) => {
      if (sent === bytes.length) return controller.close();
      await pause(milliseconds, request);
      controller.enqueue(bytes.subarray(sent, ++sent));
    },
  });
  return new Response(body, { headers: { 'content-type': 'application/json' } });
}

function hugeResponse(megabytes: number, gzip: boolean): Response {
  const plain = Readable.from(hugeJson(megabytes));
  const headers = new Headers({ 'content-type': 'application/json' });
  if (gzip) headers.set('content-encoding', 'gzip');
  const body = Readable.toWeb(gzip ? plain.pipe(createGzip()) : plain);
  return new Response(body as ReadableStream, { headers });
}

/** Starts like a real answer, so that only its size gives it away. */
function* hugeJson(megabytes: number): Generator<Buffer> {
  yield Buffer.from('{"access_token":"');
  for (let sent = 0; sent < megabytes; sent += 1) yield Buffer.alloc(1024 * 1024, 'a');
  yield Buffer.from('","token_type":"Bearer","expires_in":3600}');
}
