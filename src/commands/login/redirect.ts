import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HelperError } from '../../errors.ts';
import { BROWSER_HINT } from '../../iam/authorization.ts';
import { withDeadline } from '../../stores/deadline.ts';

/** The browser's way back: a page on this machine that its answer is shown once. */
export interface RedirectListener {
  port: number;
  /**
   * The first query that is the answer: whoever else asks, whenever that is, is told that there is nothing.
   * `unreachable` where none comes in time.
   */
  answer(isAnswer: IsAnswer, limitMs: number): Promise<URLSearchParams>;
  close(): void;
}

type IsAnswer = (query: URLSearchParams) => boolean;

/** Says nothing of what was asked for, and looks the same whatever it was: the terminal has the outcome. */
const PAGE = `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>docker-credential-icr</title></head>
<body><p>The login goes on in the terminal. This page can be closed.</p></body></html>
`;

const HEADERS = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy': "default-src 'none'",
  'Cache-Control': 'no-store',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  Connection: 'close',
};

/** Another program may hold the port on the other address. */
const TRIES = 10;

/** Listens on both loopback addresses, since `localhost` may mean either; on IPv4 alone where there is no other. */
export async function listenForRedirect(): Promise<RedirectListener> {
  let handle: RequestListener = refuse;
  const { port, servers } = await listenOnLoopback((request, response) => handle(request, response));
  const answer = (isAnswer: IsAnswer) =>
    new Promise<URLSearchParams>((resolve) => {
      handle = answerOnce(isAnswer, resolve);
    });
  return {
    port,
    answer: (isAnswer, limitMs) => withDeadline(answer(isAnswer), limitMs, tooLate),
    close: () => servers.forEach(stop),
  };
}

function tooLate(): HelperError {
  return new HelperError('unreachable', 'the browser did not come back in time', { hint: BROWSER_HINT });
}

const refuse: RequestListener = (_, response) => void response.writeHead(404, HEADERS).end();

function answerOnce(isAnswer: IsAnswer, receive: (query: URLSearchParams) => void): RequestListener {
  let answered = false;
  return (request, response) => {
    const [path, text] = (request.url ?? '').split('?');
    const query = new URLSearchParams(text);
    if (answered || request.method !== 'GET' || path !== '/' || !isAnswer(query))
      return refuse(request, response);
    answered = true;
    // Only then: an error ends this process, and the person would see a broken page.
    response.once('close', () => receive(query));
    response.writeHead(200, HEADERS).end(PAGE);
  };
}

async function listenOnLoopback(listener: RequestListener): Promise<{ port: number; servers: Server[] }> {
  for (let tries = 1; ; tries++) {
    const server = await listen(listener, '127.0.0.1', 0);
    const { port } = server.address() as AddressInfo;
    try {
      return { port, servers: [server, await listen(listener, '::1', port)] };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') return { port, servers: [server] };
      stop(server);
      if (tries === TRIES) throw error;
    }
  }
}

function listen(listener: RequestListener, host: string, port: number): Promise<Server> {
  const server = createServer(listener);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve(server));
  });
}

function stop(server: Server): void {
  server.close();
  server.closeAllConnections();
}
