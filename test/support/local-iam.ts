import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Identity } from '../fakes/iam/identities.ts';
import { createIam, type Iam } from '../fakes/iam.ts';
import { startServer } from '../fakes/server.ts';
import { createAuthority } from './certificates.ts';
import type { Home } from './home.ts';
import { makeHome } from './test-home.ts';

export interface LocalIam {
  iam: Iam;
  /** `https://127.0.0.1:40123` */
  url: string;
  home: Home;
  /** For the helper: the home's, and the CA of the local IAM. */
  env: Record<string, string>;
  /** An API key of a user of its own. */
  apiKey: string;
}

/** IAM as a TLS server on loopback, and a home whose settings name it, for one test. */
export async function startLocalIam(settings: object = {}): Promise<LocalIam> {
  const iam = createIam();
  const authority = await createAuthority();
  const certificate = await authority.issue({ names: ['127.0.0.1', 'localhost'] });
  const server = await startServer({ handlers: { '*': iam.handle }, certificate });
  onTestFinished(() => server.close());
  const home = makeHome();
  const caFile = join(home.folder, 'ca.pem');
  writeFileSync(caFile, authority.certificate);
  home.configure({ iamEndpoint: server.url, ...settings });
  const apiKey = iam.addApiKey(addUser(iam, 'anna'));
  return { iam, url: server.url, home, env: { ...home.env, SSL_CERT_FILE: caFile }, apiKey };
}

/** The same, with IAM's pages on that server, and anna logged in in whichever browser opens them. */
export async function startIamWithPages(): Promise<LocalIam & { anna: Identity }> {
  const local = await startLocalIam();
  const { iam, url } = local;
  iam.endpoints = url;
  const anna = addUser(iam, 'anna');
  iam.logInBrowser(anna);
  return { ...local, anna };
}

/** Variables with which the local IAM is reached, and the real registry never. */
export const NO_REGISTRY = { HTTPS_PROXY: 'http://127.0.0.1:9', NO_PROXY: '127.0.0.1' };

export function addUser(iam: Iam, name: string): Identity {
  return iam.addUser({ email: `${name}@example.com`, iamId: `IBMid-${name}` });
}
