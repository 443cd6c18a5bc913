import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export interface Proxy {
  /** `127.0.0.1:40123` */
  address: string;
  /** What was asked for: `host:port` with the user that asked. */
  tunnels: { target: string; user: string | null }[];
  /** What was asked for in clear text: `GET http://host/path`. Refused. */
  requests: string[];
}

/** A forward proxy for CONNECT; with a password it lets nobody else through. */
export async function startProxy(credentials?: { user: string; password: string }): Promise<Proxy> {
  const tunnels: Proxy['tunnels'] = [];
  const sockets = new Set<Socket>();
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    response.writeHead(502).end();
  });
  server.on('connect', (request, client: Socket) => {
    const given = Buffer.from(
      request.headers['proxy-authorization']?.slice('Basic '.length) ?? '',
      'base64',
    ).toString();
    tunnels.push({ target: request.url ?? '', user: given.split(':')[0] || null });
    client.on('error', () => client.destroy());
    if (credentials && given !== `${credentials.user}:${credentials.password}`) {
      return void client.end(
        'HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n\r\n',
      );
    }
    const [host = '', port] = (request.url ?? '').split(':');
    const upstream = connect(Number(port), host, () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      upstream.pipe(client);
      client.pipe(upstream);
    });
    upstream.on('error', () => upstream.destroy());
    sockets.add(client).add(upstream);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, tunnels, requests };
}
