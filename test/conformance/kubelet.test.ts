import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createKubelet } from '../fakes/kubelet/kubelet.ts';
import type { Pod } from '../fakes/kubelet/plugin-provider.ts';
import { decodeResponse, PROVIDER_API, type ProviderConfig } from '../fakes/kubelet/types.ts';
import { claimsOf } from '../support/claims.ts';
import { EXECUTABLE, placeProgram, runHelper } from '../support/executable.ts';
import { type LocalIam, startLocalIam } from '../support/local-iam.ts';
import { startLocalMetadata } from '../support/local-metadata.ts';

const NAME = 'icr-credential-provider';

const CONFIG: ProviderConfig = {
  name: NAME,
  matchImages: ['icr.io', '*.icr.io', 'private.*.icr.io', 'docker.io'],
  defaultCacheDuration: '1h',
  apiVersion: PROVIDER_API,
};

const ANNOTATION = 'docker-credential-icr/trusted-profile';

/** A node: the program under its other name, a key file, and settings in the kubelet's reach. */
async function startNode(settings: object = {}) {
  const local = await startLocalIam();
  const keyFile = join(local.home.folder, 'key');
  writeFileSync(keyFile, local.apiKey, { mode: 0o600 });
  local.home.configure({ iamEndpoint: local.url, profiles: { default: { keyFile } }, ...settings });
  const binDir = join(local.home.folder, 'bin');
  mkdirSync(binDir);
  symlinkSync(EXECUTABLE, join(binDir, NAME));
  return { ...local, binDir, keyFile };
}

type Node = Awaited<ReturnType<typeof startNode>>;

function kubeletOf({ binDir, env }: Node, config: Partial<ProviderConfig> = {}) {
  const clock = { offset: 0 };
  const now = () => Date.now() + clock.offset;
  return { ...createKubelet({ config: { ...CONFIG, ...config }, binDir, env, now }), clock };
}

function ask({ env }: Pick<LocalIam, 'env'>, image: string, changes: object = {}) {
  const request = { kind: 'CredentialProviderRequest', apiVersion: PROVIDER_API, image, ...changes };
  return runHelper(['kubelet'], { env, input: JSON.stringify(request) });
}

describe('a kubelet', () => {
  it('is given a token of the node, and remembers it for the whole registry', async () => {
    const node = await startNode();
    const kubelet = kubeletOf(node);
    const [first] = await kubelet.pull('us.icr.io/ns/app');
    expect(first?.username).toBe('iambearer');
    expect(claimsOf(first?.password)).toMatchObject({ iam_id: 'IBMid-anna' });
    expect(await kubelet.pull('us.icr.io/other/app')).toEqual([first]);
    expect(kubelet.executions()).toBe(1);
    // One token serves all registries: the program has it from its cache.
    expect(await kubelet.pull('private.de.icr.io/ns/app')).toEqual([first]);
    expect(await kubelet.pull('icr.io/ns/app')).toEqual([first]);
    expect(kubelet.executions()).toBe(3);
    expect(node.iam.tokenRequests()).toBe(1);
  });

  it('asks again while the token still lives', async () => {
    const node = await startNode();
    const kubelet = kubeletOf(node);
    await kubelet.pull('us.icr.io/ns/app');
    kubelet.clock.offset = 0.8 * 3600_000;
    await kubelet.pull('us.icr.io/ns/app');
    expect(kubelet.executions()).toBe(2);
  });

  it('is answered under a copy’s name too, and by the command', async () => {
    const node = await startNode();
    const copy = join(node.home.folder, 'copy');
    mkdirSync(copy);
    placeProgram(join(copy, NAME));
    const [credential] = await kubeletOf({ ...node, binDir: copy }).pull('us.icr.io/ns/app');
    expect(credential?.username).toBe('iambearer');
    const asCommand = kubeletOf(node, { args: ['kubelet'] });
    expect(await asCommand.pull('us.icr.io/ns/app')).toEqual([credential]);
  });

  it('is told apart the namespaces that have a profile of their own', async () => {
    const node = await startNode();
    const other = join(node.home.folder, 'other');
    writeFileSync(other, node.iam.addApiKey(node.iam.addServiceId({ name: 'team' })), { mode: 0o600 });
    node.home.configure({
      iamEndpoint: node.url,
      profiles: { default: { keyFile: node.keyFile }, team: { keyFile: other } },
      registries: { 'us.icr.io/team': { profile: 'team' } },
    });
    const kubelet = kubeletOf(node);
    const names = [];
    for (const image of ['us.icr.io/team/app', 'us.icr.io/team2/app', 'us.icr.io/team/app']) {
      const found = await kubelet.pull(image);
      expect(found).toHaveLength(1);
      names.push(claimsOf(found[0]?.password)['sub_type'] ?? 'user');
    }
    expect(names).toEqual(['ServiceId', 'user', 'ServiceId']);
    expect(kubelet.executions()).toBe(2);
    // Another registry of the same node is not concerned.
    expect(decodeResponse((await ask(node, 'de.icr.io/team/app')).stdout).cacheKeyType).toBe('Registry');
  });

  it('is given nothing, and remembers that, where nobody answers and for other registries', async () => {
    const node = await startNode({ profiles: {} });
    const kubelet = kubeletOf(node);
    for (const image of ['us.icr.io/ns/app', 'docker.io/library/app', 'cp.icr.io/cp/app']) {
      expect(await kubelet.pull(image)).toEqual([]);
      const before = kubelet.executions();
      expect(await kubelet.pull(image)).toEqual([]);
      expect(kubelet.executions()).toBe(before);
    }
    expect(node.iam.exchanges).toEqual([]);
  });

  it('keeps API keys for as long as its configuration says', async () => {
    const node = await startNode({ credentialKind: 'iamapikey' });
    const { stdout } = await ask(node, 'us.icr.io/ns/app');
    expect(JSON.parse(stdout)).toEqual({
      apiVersion: PROVIDER_API,
      kind: 'CredentialProviderResponse',
      cacheKeyType: 'Registry',
      auth: { 'us.icr.io': { username: 'iamapikey', password: node.apiKey } },
    });
  });
});

describe('the response, field by field', () => {
  it('is decoded strictly, with the image’s own port', async () => {
    const node = await startNode();
    const { stdout, stderr, code } = await ask(node, 'us.icr.io:443/ns/app:1.0');
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    const response = decodeResponse(stdout);
    expect(Object.keys(response.auth)).toEqual(['us.icr.io:443']);
    expect(response.cacheMs).toBeGreaterThanOrEqual(0.59 * 3600_000);
    expect(response.cacheMs).toBeLessThanOrEqual(0.8 * 3600_000);
    expect(Object.keys(JSON.parse(stdout)).sort()).toEqual(
      ['apiVersion', 'auth', 'cacheDuration', 'cacheKeyType', 'kind'].sort(),
    );
  });

  it('has a shorter duration for a token that lives for a shorter time', async () => {
    const node = await startNode();
    node.iam.tokenLifetime = 900;
    const { cacheMs } = decodeResponse((await ask(node, 'us.icr.io/ns/app')).stdout);
    expect(cacheMs).toBeGreaterThanOrEqual(0.59 * 900_000);
    expect(cacheMs).toBeLessThanOrEqual(0.8 * 900_000);
  });
});

describe('a failure', () => {
  it.each([
    ['a refused key', { kind: 'refuse', code: 'BXNIM0415E' }, 'Provided API key could not be found'],
    ['a proxy in between', { kind: 'html', status: 403 }, '403'],
    ['an IAM that gives no answer', { kind: 'hang' }, 'did not answer'],
    ['too many requests', { kind: 'status', status: 429, retryAfter: 60 }, '429'],
  ] as const)('%s is one line in the kubelet’s log, without a secret', async (_, fault, message) => {
    const node = await startNode();
    node.iam.setFault(fault);
    const failure = await kubeletOf(node)
      .pull('us.icr.io/ns/app')
      .catch((error: Error) => error.message);
    expect(failure).toContain('exit status 1: icr-credential-provider: ');
    expect(failure).toContain(message);
    expect(String(failure).trimEnd()).not.toContain('\n');
    expect(failure).not.toContain(node.apiKey);
  });

  it('is not tried again where IAM is asked too much: the kubelet comes back by itself', async () => {
    const node = await startNode();
    node.iam.setFault({ kind: 'status', status: 429 });
    await expect(kubeletOf(node).pull('us.icr.io/ns/app')).rejects.toThrow('429');
    expect(node.iam.tokenRequests()).toBe(1);
    node.iam.failNext(1, { kind: 'status', status: 503 });
    node.iam.setFault(null);
    expect(await kubeletOf(node).pull('us.icr.io/ns/app')).toHaveLength(1);
    expect(node.iam.tokenRequests()).toBe(3);
  });

  it.each([
    ['not JSON', 'x'],
    ['another version', JSON.stringify({ kind: 'CredentialProviderRequest', apiVersion: 'v2', image: 'x' })],
    ['no input at all', ''],
    ['too much', ' '.repeat(200_000)],
  ])('%s', async (_, input) => {
    const node = await startNode();
    const { code, stdout, stderr } = await runHelper(['kubelet'], { env: node.env, input });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^icr-credential-provider: [^\n]+\n$/);
    expect(node.iam.exchanges).toEqual([]);
  });

  it('comes in time where the question does not', async () => {
    const node = await startNode();
    const { code, stderr } = await runHelper(['kubelet'], { env: node.env, input: null });
    expect({ code, stderr }).toMatchObject({ code: 1 });
    expect(stderr).toMatch(/^icr-credential-provider: no credential within 9.5 s; [^\n]+\n$/);
  });

  it('never quotes a token that it cannot read', async () => {
    const node = await startNode();
    const input = '{"kind":"CredentialProviderRequest","serviceAccountToken":"eyJsecret",';
    expect((await runHelper(['kubelet'], { env: node.env, input })).stderr).not.toContain('eyJsecret');
  });
});

describe('a kubelet’s bare environment', () => {
  /** As a unit of systemd has it: no HOME, no runtime folder. */
  function bare(node: Node, folders: Record<string, string>) {
    const { SSL_CERT_FILE = '' } = node.env;
    const XDG_CONFIG_HOME = join(node.home.folder, '.config');
    return { PATH: '/usr/bin:/bin', SSL_CERT_FILE, XDG_CONFIG_HOME, ...folders };
  }

  it('needs no HOME where the folders are named', async () => {
    const node = await startNode();
    const folders = Object.fromEntries(
      ['XDG_DATA_HOME', 'XDG_STATE_HOME', 'XDG_CACHE_HOME'].map((name) => [
        name,
        join(node.home.folder, name),
      ]),
    );
    const env = bare(node, folders);
    for (const image of ['us.icr.io/ns/app', 'de.icr.io/ns/app'])
      expect(decodeResponse((await ask({ env }, image)).stdout).auth).not.toEqual({});
    expect(node.iam.tokenRequests()).toBe(1);
  });

  it('answers where nothing can be written, each time by an exchange', async () => {
    const node = await startNode();
    const nowhere = join(node.keyFile, 'no-folder');
    const env = bare(node, { XDG_DATA_HOME: nowhere, XDG_STATE_HOME: nowhere, XDG_CACHE_HOME: nowhere });
    for (const image of ['us.icr.io/ns/app', 'de.icr.io/ns/app'])
      expect(decodeResponse((await ask({ env }, image)).stdout).auth).not.toEqual({});
    expect(node.iam.tokenRequests()).toBe(2);
  });
});

describe('a service account token (KEP-4412)', () => {
  const tokenAttributes = {
    serviceAccountTokenAudience: 'iam',
    cacheType: 'ServiceAccount' as const,
    requireServiceAccount: false,
    optionalServiceAccountAnnotationKeys: [ANNOTATION],
  };

  /** A pod whose token IAM takes for `profiles`. */
  function podOf(name: string, annotation: string | null, serial: number): Pod {
    const claims = {
      iss: 'https://cluster.example',
      sub: `system:serviceaccount:ns:${name}`,
      aud: ['iam'],
      'kubernetes.io': { serviceaccount: { name, uid: `uid-${name}` }, pod: { uid: `pod-${serial}` } },
    };
    const token = `eyJ9.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.sig${serial}`;
    const annotations: Record<string, string> = annotation === null ? {} : { [ANNOTATION]: annotation };
    return { namespace: 'ns', serviceAccount: { name, uid: `uid-${name}`, annotations }, token };
  }

  it('pulls with the trusted profile that the annotation names', async () => {
    const node = await startNode();
    const puller = node.iam.addTrustedProfile({ name: 'puller' });
    const pods = [1, 2].map((serial) => podOf('app', puller.id, serial));
    for (const { token } of pods) node.iam.trustCrToken(token, puller);
    const [first, second] = pods as [Pod, Pod];
    const [credential] = await kubeletOf(node, { tokenAttributes }).pull('us.icr.io/ns/app', first);
    expect(credential?.username).toBe('iambearer');
    expect(claimsOf(credential?.password)).toMatchObject({ iam_id: puller.iamId });
    expect(node.iam.exchanges[0]?.form).toMatchObject({ profile_id: puller.id });
    expect(node.iam.tokenRequests('cr-token')).toBe(1);
    // Another pod of the same service account, after a restart of the kubelet: from our cache.
    expect(await kubeletOf(node, { tokenAttributes }).pull('us.icr.io/ns/app', second)).toEqual([credential]);
    expect(node.iam.tokenRequests()).toBe(1);
  });

  it('keeps service accounts and profiles apart', async () => {
    const node = await startNode();
    const profiles = ['one', 'two'].map((name) => node.iam.addTrustedProfile({ name }));
    const [one, two] = profiles as [(typeof profiles)[0], (typeof profiles)[0]];
    const kubelet = kubeletOf(node, { tokenAttributes });
    const ids = [];
    for (const [name, profile] of [
      ['a', one],
      ['b', one],
      ['a', two],
    ] as const) {
      const pod = podOf(name, profile.id, ids.length);
      node.iam.trustCrToken(pod.token, profile);
      const [credential] = await kubelet.pull('us.icr.io/ns/app', pod);
      ids.push(claimsOf(credential?.password)['iam_id']);
    }
    expect(ids).toEqual([one.iamId, one.iamId, two.iamId]);
    expect(node.iam.tokenRequests('cr-token')).toBe(3);
  });

  it('falls back to the settings’ profile, then to the node', async () => {
    const node = await startNode();
    const kubelet = kubeletOf(node, { tokenAttributes });
    const pod = podOf('plain', null, 1);
    const [credential] = await kubelet.pull('us.icr.io/ns/app', pod);
    expect(claimsOf(credential?.password)).toMatchObject({ iam_id: 'IBMid-anna' });
    const puller = node.iam.addTrustedProfile({ name: 'puller' });
    node.iam.trustCrToken(pod.token, puller);
    node.home.configure({
      iamEndpoint: node.url,
      profiles: { default: { computeIdentity: 'container', trustedProfile: 'puller' } },
    });
    const [ofSettings] = await kubeletOf(node, { tokenAttributes }).pull('us.icr.io/ns/app', pod);
    expect(claimsOf(ofSettings?.password)).toMatchObject({ iam_id: puller.iamId });
  });

  it('is refused in one line that does not quote it', async () => {
    const node = await startNode();
    node.iam.addTrustedProfile({ name: 'puller' });
    const pod = podOf('app', 'puller', 1);
    const failure = kubeletOf(node, { tokenAttributes }).pull('us.icr.io/ns/app', pod);
    await expect(failure).rejects.toThrow(/exit status 1: icr-credential-provider: .*compute resource token/);
    await expect(failure).rejects.not.toThrow(pod.token);
  });

  it('goes to nobody but IBM', async () => {
    const node = await startNode();
    node.home.configure({ iamEndpoint: 'https://iam.example.com' });
    const pod = podOf('app', 'puller', 1);
    const failure = kubeletOf(node, { tokenAttributes }).pull('us.icr.io/ns/app', pod);
    await expect(failure).rejects.toThrow('is not IBM');
    expect(node.iam.exchanges).toEqual([]);
  });
});

describe('the identity of the machine', () => {
  it('of a VPC instance', async () => {
    const node = await startNode();
    const puller = node.iam.addTrustedProfile({ name: 'puller' });
    const { metadataUrl } = await startLocalMetadata(node.iam);
    node.home.configure({
      iamEndpoint: node.url,
      profiles: {
        default: { computeIdentity: 'vpc', metadataUrl, trustedProfile: puller.id },
      },
    });
    const [credential] = await kubeletOf(node).pull('us.icr.io/ns/app');
    expect(claimsOf(credential?.password)).toMatchObject({ iam_id: puller.iamId });
    expect(node.iam.tokenRequests()).toBe(0);
  });
});

it('speaks docker’s protocol under the other name too', async () => {
  const { binDir, env } = await startNode();
  const { stdout } = await runHelper(['get'], {
    env: { ...env, ICR_API_KEY: 'key', ICR_CREDENTIAL_KIND: 'iamapikey' },
    input: 'us.icr.io',
    executable: join(binDir, NAME),
  });
  expect(JSON.parse(stdout)).toMatchObject({ Username: 'iamapikey' });
});
