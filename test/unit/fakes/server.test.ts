import { request } from 'node:https';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Handler } from '../../fakes/http.ts';
import { createIam, type Iam } from '../../fakes/iam.ts';
import { type RunningServer, startServer } from '../../fakes/server.ts';
import { createAuthority } from '../../support/certificates.ts';
import { until } from '../../support/until.ts';

const echo: Handler = async (incoming) => new Response(`${incoming.url} ${await incoming.text()}`);

let iam: Iam;
let ca: string;
let server: RunningServer;

beforeEach(async () => {
  iam = createIam();
  const authority = await createAuthority();
  ca = authority.certificate;
  const certificate = await authority.issue({ names: ['iam.cloud.ibm.com', '*.icr.io', '127.0.0.1', '::1'] });
  server = await startServer({
    certificate,
    handlers: { 'iam.cloud.ibm.com': iam.handle, '*.icr.io': echo },
  });
});

afterEach(() => server.close());

/** A request to a host name that means this server. */
function send(host: string, path: string, body = ''): Promise<{ status: number | undefined; text: string }> {
  const headers = { host, 'content-type': 'application/x-www-form-urlencoded' };
  const target = { host: '127.0.0.1', port: server.port, servername: host, ca, path, headers, agent: false };
  return new Promise((resolve, reject) => {
    const outgoing = request({ ...target, method: 'POST' }, async (answer) => {
      try {
        const chunks = await answer.toArray();
        resolve({ status: answer.statusCode, text: Buffer.concat(chunks).toString('utf8') });
      } catch (error) {
        reject(error);
      }
    });
    outgoing.on('error', reject).end(body);
  });
}

it('tells hosts apart and streams bodies both ways', async () => {
  const body = 'x'.repeat(300_000);
  expect((await send('us.icr.io', '/v2/?a=b', body)).text).toBe(`https://us.icr.io/v2/?a=b ${body}`);
  expect((await send('iam.cloud.ibm.com', '/identity/token')).status).toBe(400);
});

it('answers 421 for hosts that it has no handler for', async () => {
  const { port } = await startPlain();
  const response = await fetch(`http://127.0.0.1:${port}/`);
  expect(response.status).toBe(421);
});

let plain: RunningServer | undefined;
async function startPlain(): Promise<RunningServer> {
  plain = await startServer({ handlers: {} });
  return plain;
}
afterEach(() => plain?.close());

it('trusts nobody whom the authority did not sign', async () => {
  ca = (await createAuthority()).certificate;
  await expect(send('iam.cloud.ibm.com', '/identity/token')).rejects.toThrow(/signature|certificate/);
});

it('has a certificate for its names only', async () => {
  await expect(send('icr.io', '/')).rejects.toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
});

it.each([{ kind: 'close' }, { kind: 'cut-body' }] as const)('resets the connection for %o', async (fault) => {
  iam.setFault(fault);
  await expect(send('iam.cloud.ibm.com', '/identity/token')).rejects.toMatchObject({ code: 'ECONNRESET' });
});

it('ends hanging requests when it closes', async () => {
  iam.setFault({ kind: 'hang' });
  const outcome = send('iam.cloud.ibm.com', '/identity/token').catch(({ code }) => code);
  await until('it is asked', () => iam.exchanges.length > 0);
  await server.close();
  expect(await outcome).toBe('ECONNRESET');
});
