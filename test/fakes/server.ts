/** Mounts handlers as one real server on one port, told apart by host name. Runs on node and Bun. */
import {
  createServer as createHttpServer,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { ConnectionClosed } from './faults.ts';
import type { Handler } from './http.ts';
import { sendResponse, toRequest } from './node-http.ts';
import { tellUrl } from './witness.ts';

export interface ServerOptions {
  /** By host name without port: `us.icr.io`, `*.icr.io` for one more label, `*` for the rest. */
  readonly handlers: Readonly<Record<string, Handler>>;
  /** PEM; without one the server speaks plain HTTP. */
  readonly certificate?: { readonly key: string; readonly certificate: string };
  /** Called when the whole answer is with the operating system: from here on the client may have it. */
  readonly onAnswered?: (request: Request) => void;
  readonly address?: string;
  /** 0, the default, lets the system choose. */
  readonly port?: number;
}

export interface RunningServer {
  /** `https://127.0.0.1:40123` */
  readonly url: string;
  readonly port: number;
  /** Also ends open connections, so that hanging requests do not outlive the server. May be repeated. */
  close(): Promise<void>;
}

export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { certificate, address = '127.0.0.1', port: wanted = 0 } = options;
  const scheme = certificate ? 'https' : 'http';
  const listener = listenerFor(options, scheme);
  const server = certificate
    ? createHttpsServer({ key: certificate.key, cert: certificate.certificate }, listener)
    : createHttpServer(listener);
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => remember(socket, sockets));
  server.on('secureConnection', (socket: Socket) => remember(socket, sockets));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(wanted, address, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    const closed = new Promise<void>((resolve) => void server.close(() => resolve()));
    server.closeAllConnections();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  let closing: Promise<void> | undefined;
  return {
    url: `${scheme}://${address}:${port}`,
    port,
    // Once only: Bun never calls back for a server that is closed already.
    close: () => (closing ??= close()),
  };
}

function listenerFor({ handlers, onAnswered }: ServerOptions, scheme: string): RequestListener {
  const serve = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const request = toRequest(incoming, outgoing, scheme);
    tellUrl(request.url);
    const handler = handlerFor(incoming.headers.host ?? '', handlers);
    await sendResponse(await answer(handler, request), outgoing);
    onAnswered?.(request);
  };
  return (incoming, outgoing) => {
    serve(incoming, outgoing).catch(() => incoming.socket.destroy());
  };
}

/** A fault is for the client to see as a fault; a mistake in a double is for people to read. */
async function answer(handler: Handler, request: Request): Promise<Response> {
  try {
    return await handler(request);
  } catch (error) {
    if (error instanceof ConnectionClosed || request.signal.aborted) throw error;
    return new Response(`the double failed: ${error}\n`, { status: 500 });
  }
}

const misdirected: Handler = async () => new Response('no double for this host\n', { status: 421 });

function handlerFor(host: string, handlers: ServerOptions['handlers']): Handler {
  const name = host.replace(/:\d+$/, '').toLowerCase();
  const wildcard = `*.${name.split('.').slice(1).join('.')}`;
  return handlers[name] ?? handlers[wildcard] ?? handlers['*'] ?? misdirected;
}

function remember(socket: Socket, sockets: Set<Socket>): void {
  sockets.add(socket);
  socket.once('close', () => sockets.delete(socket));
}
