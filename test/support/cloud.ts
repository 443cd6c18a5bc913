import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createIam, type Iam } from '../fakes/iam.ts';
import { createIcr, type Icr } from '../fakes/icr.ts';
import { type RunningServer, startServer } from '../fakes/server.ts';
import { createAuthority, createTokenSigner } from './certificates.ts';
import { type Daemon, startDaemon } from './processes.ts';

/** IBM Cloud as the clients see it inside the namespace: IAM and ICR on port 443 of their real names. */
export interface Cloud {
  iam: Iam;
  icr: Icr;
  /** PEM file to trust. */
  caFile: string;
  stop(): Promise<void>;
}

const ADDRESS = process.env['ICR_TEST_ADDRESS'];

/** Needs the namespace of scripts/namespace.sh. Images are kept by Debian's docker-registry. */
export async function startCloud(): Promise<Cloud> {
  if (!ADDRESS) throw new Error('run this through scripts/namespace.sh (npm test does)');
  const folder = mkdtempSync(join(tmpdir(), 'icr-cloud-'));
  chmodSync(folder, 0o755);
  const authority = await createAuthority();
  const caFile = join(folder, 'ca.pem');
  writeFileSync(caFile, authority.certificate);
  const signer = await createTokenSigner();
  const iam = createIam();
  const icr = createIcr({ iam, signer, upstream: 'http://127.0.0.1:5000' });
  const registry = await startRegistry(folder, signer.certificate, icr.issuer);
  const front = await startFront(iam, icr, authority);
  return {
    iam,
    icr,
    caFile,
    stop: async () => {
      await front.close();
      await registry.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function startFront(
  iam: Iam,
  icr: Icr,
  authority: Awaited<ReturnType<typeof createAuthority>>,
): Promise<RunningServer> {
  const handlers = {
    'iam.cloud.ibm.com': iam.handle,
    'private.iam.cloud.ibm.com': iam.handle,
    'identity-3.us-east.iam.cloud.ibm.com': iam.handle,
    'icr.io': icr.handle,
    '*.icr.io': icr.handle,
    'private.us.icr.io': icr.handle,
  };
  const names = [
    'iam.cloud.ibm.com',
    '*.iam.cloud.ibm.com',
    '*.us-east.iam.cloud.ibm.com',
    'icr.io',
    '*.icr.io',
    'private.us.icr.io',
  ];
  const certificate = await authority.issue({ names: names as [string, ...string[]] });
  return startServer({ handlers, certificate, address: ADDRESS ?? '', port: 443 });
}

function startRegistry(folder: string, certificate: string, issuer: string): Promise<Daemon> {
  const bundle = join(folder, 'sign.pem');
  const config = join(folder, 'registry.yml');
  writeFileSync(bundle, certificate);
  writeFileSync(
    config,
    JSON.stringify({
      version: 0.1,
      log: { level: 'warn' },
      storage: { filesystem: { rootdirectory: join(folder, 'images') }, delete: { enabled: true } },
      http: { addr: '127.0.0.1:5000', relativeurls: true },
      auth: {
        token: {
          realm: 'https://us.icr.io/oauth/token',
          service: 'registry',
          issuer,
          rootcertbundle: bundle,
        },
      },
    }),
  );
  return startDaemon('/usr/bin/docker-registry', ['serve', config], {
    env: { PATH: '/usr/bin:/bin', OTEL_TRACES_EXPORTER: 'none' },
    logFile: join(folder, 'registry.log'),
    isReady: () => isListening(5000),
  });
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1' });
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
