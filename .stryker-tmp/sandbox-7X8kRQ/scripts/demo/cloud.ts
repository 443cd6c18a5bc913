import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createIam, type Iam } from '../../test/fakes/iam.ts';
import { createIcr, type Icr } from '../../test/fakes/icr.ts';
import { startServer } from '../../test/fakes/server.ts';
import { createAuthority } from '../../test/support/certificates.ts';

/** IBM Cloud's double as one TLS server, with one user who may do everything in one namespace. */
export interface Cloud {
  readonly iam: Iam;
  readonly icr: Icr;
  readonly user: { readonly iamId: string; readonly email: string; readonly account: string };
  /** Made just now, known to nobody else. */
  readonly apiKey: string;
  /** PEM: the CA to trust, and the file that holds it. */
  readonly authority: string;
  readonly caFile: string;
  /** Null where IAM answers under its own name. */
  readonly iamEndpoint: string | null;
  /** Base URL under which us.icr.io answers. */
  readonly registryUrl: string;
  stop(): Promise<void>;
}

const EMAIL = 'anna@example.com';
export const NAMESPACE = 'demo';

/** `address` is that of the namespace (scripts/namespace.sh); without one everything is on loopback. */
export async function startCloud(folder: string, address: string | undefined): Promise<Cloud> {
  const iam = createIam();
  const icr = createIcr({ iam });
  const user = iam.addUser({ email: EMAIL, iamId: 'IBMid-270000ANNA' });
  icr.allow(user, NAMESPACE, 'manager');
  const authority = await createAuthority('docker-credential-icr demonstration');
  const caFile = join(folder, 'ca.pem');
  writeFileSync(caFile, authority.certificate);
  const servers = await (address ? startByName(address) : startOnLoopback());
  return {
    ...servers,
    ...{ iam, icr, caFile, authority: authority.certificate },
    user: { iamId: user.iamId, email: EMAIL, account: user.account },
    apiKey: iam.addApiKey(user),
  };

  async function startByName(address: string) {
    const certificate = await authority.issue({ names: ['iam.cloud.ibm.com', '*.icr.io'] });
    const handlers = { 'iam.cloud.ibm.com': iam.handle, '*.icr.io': icr.handle };
    const server = await startServer({ handlers, certificate, address, port: 443 });
    return { iamEndpoint: null, registryUrl: 'https://us.icr.io', stop: server.close };
  }

  async function startOnLoopback() {
    const certificate = await authority.issue({ names: ['127.0.0.1'] });
    const iamServer = await startServer({ handlers: { '*': iam.handle }, certificate });
    const icrServer = await startServer({ handlers: { '*': icr.handle }, certificate });
    const stop = async () => {
      await iamServer.close();
      await icrServer.close();
    };
    return { iamEndpoint: iamServer.url, registryUrl: icrServer.url, stop };
  }
}
