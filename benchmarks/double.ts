import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createIam } from '../test/fakes/iam.ts';
import { createIcr } from '../test/fakes/icr.ts';
import { startServer } from '../test/fakes/server.ts';
import { createAuthority, createTokenSigner } from '../test/support/certificates.ts';
import { pause } from '../test/support/pause.ts';
import type { Double } from './start-double.ts';

/**
 * The local IAM and ICR, as a process of their own, so that they take no time from whoever measures:
 * one IAM behind a port for each latency, and all under their real names where there is an address
 * for them. Arguments: where to write what start-double.ts reads, and the latencies in milliseconds.
 */
const [folder = '', ...latencies] = process.argv.slice(2);
const address = process.env['ICR_TEST_ADDRESS'];

mkdirSync(folder, { recursive: true });
const authority = await createAuthority();
const caFile = join(folder, 'ca.pem');
writeFileSync(caFile, authority.certificate);

const iam = createIam();
const icr = createIcr({ iam, signer: await createTokenSigner() });
const user = iam.addUser({ email: 'anna@example.com', iamId: 'IBMid-270000ANNA' });
icr.allow(user, 'ns', 'manager');

const certificate = await authority.issue({
  names: ['127.0.0.1', 'iam.cloud.ibm.com', '*.icr.io', 'icr.io'],
});
const iamUrls: Record<string, string> = {};
for (const latency of latencies) {
  const handle = async (request: Request) => {
    await pause(Number(latency));
    return iam.handle(request);
  };
  iamUrls[latency] = (await startServer({ handlers: { '*': handle }, certificate })).url;
}
if (address) {
  const handlers = { 'iam.cloud.ibm.com': iam.handle, '*.icr.io': icr.handle };
  await startServer({ handlers, certificate, address, port: 443 });
}
const counter = await startServer({
  handlers: { '*': async () => Response.json(iam.tokenRequests()) },
});

const double: Double = {
  caFile,
  iamUrls,
  apiKey: iam.addApiKey(user),
  counterUrl: counter.url,
  hasRealNames: address !== undefined,
};
const file = join(folder, 'double.json');
writeFileSync(`${file}.new`, JSON.stringify(double), { mode: 0o600 });
renameSync(`${file}.new`, file);
