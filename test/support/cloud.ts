import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ICR_HOSTS } from '../../src/registry-host.ts';
import type { Identity } from '../fakes/iam/identities.ts';
import { createIam, type Iam } from '../fakes/iam.ts';
import { createIcr, type Icr } from '../fakes/icr.ts';
import { createMetadata, type Metadata } from '../fakes/metadata.ts';
import { type RunningServer, startServer } from '../fakes/server.ts';
import { createAuthority, createTokenSigner } from './certificates.ts';
import { type Daemon, startDaemon } from './processes.ts';

/** IBM Cloud as the clients see it inside the namespace: IAM and ICR on port 443 of their real names. */
export interface Cloud {
  iam: Iam;
  /** The IAM of staging, where nobody of production is known. */
  staging: Iam;
  icr: Icr;
  /** The instance metadata service, of VPC and of Power. */
  metadata: Metadata;
  /** PEM file to trust. */
  caFile: string;
  stop(): Promise<void>;
}

const ADDRESS = process.env['ICR_TEST_ADDRESS'];
const METADATA_ADDRESS = process.env['ICR_TEST_METADATA_ADDRESS'];

/** Needs the namespace of scripts/namespace.sh. Images are kept by Debian's docker-registry. */
export async function startCloud(): Promise<Cloud> {
  if (!ADDRESS || !METADATA_ADDRESS) throw new Error('run this through scripts/namespace.sh (npm test does)');
  const folder = mkdtempSync(join(tmpdir(), 'icr-cloud-'));
  chmodSync(folder, 0o755);
  const authority = await createAuthority();
  const caFile = join(folder, 'ca.pem');
  writeFileSync(caFile, authority.certificate);
  const signer = await createTokenSigner();
  const iam = createIam();
  const icr = createIcr({ iam, signer, upstream: 'http://127.0.0.1:5000' });
  const registry = await startRegistry(folder, signer.certificate, icr.issuer);
  const metadata = createMetadata({ iam });
  const staging = createIam({ issuer: 'https://iam.test.cloud.ibm.com/identity' });
  const front = await startFront({ iam, staging, icr, metadata }, authority);
  const metadataServer = await startServer({
    handlers: { '*': metadata.handle },
    address: METADATA_ADDRESS,
    port: 80,
  });
  return {
    iam,
    staging,
    icr,
    metadata,
    caFile,
    stop: async () => {
      await Promise.all([front.close(), metadataServer.close()]);
      await registry.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A user who may do everything in the namespace `ns`, and an API key of theirs. */
export function addManager({ iam, icr }: Cloud, name = 'anna'): { user: Identity; apiKey: string } {
  const user = iam.addUser({ email: `${name}@example.com`, iamId: `IBMid-${name}` });
  icr.allow(user, 'ns', 'manager');
  return { user, apiKey: iam.addApiKey(user) };
}

async function startFront(
  { iam, staging, icr, metadata }: Pick<Cloud, 'iam' | 'staging' | 'icr' | 'metadata'>,
  authority: Awaited<ReturnType<typeof createAuthority>>,
): Promise<RunningServer> {
  const handlers = {
    'iam.cloud.ibm.com': iam.handle,
    'private.iam.cloud.ibm.com': iam.handle,
    'identity-3.us-east.iam.cloud.ibm.com': iam.handle,
    'api.metadata.cloud.ibm.com': metadata.handle,
    'api.metadata.power-iaas.cloud.ibm.com': metadata.handle,
    'iam.test.cloud.ibm.com': staging.handle,
    'stg.icr.io': icr.handle,
    ...Object.fromEntries(ICR_HOSTS.map((host) => [host, icr.handle])),
  };
  const names = Object.keys(handlers);
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
