import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Secret } from 'kubernetes-models/v1/Secret';
import { ServiceAccount } from 'kubernetes-models/v1/ServiceAccount';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ClientHome, makeClientHome } from '../support/client-home.ts';
import { addManager, type Cloud, startCloud } from '../support/cloud.ts';
import { EXECUTABLE, runHelper } from '../support/executable.ts';
import { HELM, KUBECTL } from '../support/kubernetes-tools.ts';

/** What `export` gives, taken by the real tools of Kubernetes; there is no cluster to apply it to. */
let cloud: Cloud;
let home: ClientHome;
let apiKey: string;

beforeAll(async () => {
  cloud = await startCloud();
  ({ apiKey } = addManager(cloud));
});
afterAll(() => cloud?.stop());
beforeEach(async () => {
  home = await makeClientHome({ caFile: cloud.caFile });
  await runHelper(['login', '--apikey-stdin'], { env: home.env, input: apiKey });
  // From here on nobody asks the helper: what the registry sees comes from the exports.
  for (const file of ['.docker/config.json', 'run/containers/auth.json'])
    writeFileSync(join(home.folder, file), '{}');
  cloud.icr.reset();
});
afterEach(() => home?.cleanUp());

const exported = async (...args: string[]) => (await home.run(EXECUTABLE, ['export', ...args])).stdout;
const usernames = () => [...new Set(cloud.icr.tokenRequests.map(({ username }) => username))];

describe.each(['yaml', 'json'])('a pull secret as %s', (format) => {
  const SECRET = ['kubernetes', '--registry', 'us.icr.io', '--format', format];

  it('is read by kubectl, with the service account', async () => {
    const file = join(home.folder, 'secret');
    await exported(...SECRET, '--apply-to-service-account', 'default', '--output', file);
    const named = await home.run(KUBECTL, ['label', '--local', '-f', file, 'checked=yes', '-o', 'name']);
    expect(named.stdout).toBe('secret/icr-pull-secret\nserviceaccount/default\n');
  });

  it('is what kubectl itself makes', async () => {
    const login = ['--docker-server=us.icr.io', '--docker-username=iamapikey', `--docker-password=${apiKey}`];
    const create = ['create', 'secret', 'docker-registry', 'icr-pull-secret', ...login];
    const theirs = await read(['--dry-run=client', '-o', 'json'], create);
    const file = join(home.folder, 'secret');
    await exported(...SECRET, '--output', file);
    const ours = await read(['-o', 'json'], ['label', '--local', '-f', file, 'checked=yes']);
    expect(ours.type).toBe(theirs.type);
    expect(decoded(ours)).toEqual(decoded(theirs));
  });

  it('is valid by Kubernetes’ own types', async () => {
    const file = join(home.folder, 'secret');
    const args = ['--namespace', 'prod', '--apply-to-service-account', 'builder', '--output', file];
    await exported(...SECRET, ...args);
    const list = await read(['-o', 'json'], ['label', '--local', '-f', file, 'checked=yes']);
    const [secret, account] = list.items ?? [];
    expect(() => new Secret(secret).validate()).not.toThrow();
    expect(() => new ServiceAccount(account).validate()).not.toThrow();
    expect(() => new Secret({ ...secret, data: [] as never }).validate()).toThrow();
  });
});

interface KubernetesObject {
  type?: string;
  data?: Record<string, string>;
  items?: object[];
}

/** kubectl puts several objects one after the other, without a list around them. */
async function read(format: readonly string[], command: readonly string[]): Promise<KubernetesObject> {
  const { stdout } = await home.run(KUBECTL, [...command, ...format]);
  const parts = stdout.trim().split(/\n(?=\{)/);
  return parts.length === 1 ? JSON.parse(stdout) : { items: parts.map((part) => JSON.parse(part)) };
}

function decoded({ data }: KubernetesObject): object {
  return JSON.parse(Buffer.from(data?.['.dockerconfigjson'] ?? '', 'base64').toString());
}

it('helm pushes and pulls a chart with an exported auth file', async () => {
  const auth = join(home.folder, 'auth.json');
  await exported('auth-file', '--registry', 'us.icr.io', '--kind', 'iamapikey', '--output', auth);
  await home.run(HELM, ['create', 'app']);
  await home.run(HELM, ['package', 'app']);
  const trust = ['--registry-config', auth, '--ca-file', cloud.caFile];
  await home.run(HELM, ['push', 'app-0.1.0.tgz', 'oci://us.icr.io/ns/charts', ...trust]);
  const pull = ['pull', 'oci://us.icr.io/ns/charts/app', '--version', '0.1.0'];
  await home.run(HELM, [...pull, '--destination', home.folder, ...trust]);
  expect(usernames()).toEqual(['iamapikey']);
});

it('helm asks the helper itself where docker’s configuration names it', async () => {
  const config = join(home.folder, 'config.json');
  writeFileSync(config, JSON.stringify({ credHelpers: { 'us.icr.io': 'icr' } }));
  const trust = ['--registry-config', config, '--ca-file', cloud.caFile];
  await home.run(HELM, ['create', 'app']);
  await home.run(HELM, ['package', 'app']);
  await home.run(HELM, ['push', 'app-0.1.0.tgz', 'oci://us.icr.io/ns/charts', ...trust]);
  expect(usernames()).toEqual(['iambearer']);
});
