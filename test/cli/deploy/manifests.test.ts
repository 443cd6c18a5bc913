import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DaemonSet } from 'kubernetes-models/apps/v1/DaemonSet';
import { CronJob } from 'kubernetes-models/batch/v1/CronJob';
import { ClusterRole } from 'kubernetes-models/rbac.authorization.k8s.io/v1/ClusterRole';
import { ClusterRoleBinding } from 'kubernetes-models/rbac.authorization.k8s.io/v1/ClusterRoleBinding';
import { Role } from 'kubernetes-models/rbac.authorization.k8s.io/v1/Role';
import { RoleBinding } from 'kubernetes-models/rbac.authorization.k8s.io/v1/RoleBinding';
import { ServiceAccount } from 'kubernetes-models/v1/ServiceAccount';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments, parseDocument } from 'yaml';
import { generatedFiles } from '../../../scripts/deploy/files.ts';
import { checkSettings } from '../../../src/config/settings.ts';
import { unknownKeys } from '../../../src/config/settings-schema.ts';
import { ANNOTATION } from '../../../src/kubelet/service-account.ts';
import { ICR_HOSTS } from '../../../src/registry-host.ts';
import { checkStrict } from '../../fakes/kubelet/go-json.ts';
import { matches } from '../../fakes/kubelet/match.ts';
import { decodeConfig } from '../../fakes/kubelet/types.ts';
import { isInstalled } from '../../support/is-installed.ts';
import { CLOUD_INIT, KUBERNETES, type KubernetesObject } from '../../support/kubernetes-shapes.ts';
import { KUBECTL } from '../../support/kubernetes-tools.ts';
import { namespaceCommand } from '../../support/lock-processes.ts';

const deploy = fileURLToPath(new URL('../../../deploy/', import.meta.url));
const read = (path: string) => readFileSync(join(deploy, path), 'utf8');
const filesBelow = (ending: string) =>
  readdirSync(deploy, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith(ending));

const CONFIGS = [
  'node/credential-provider-config.yaml',
  'overlays/service-accounts/credential-provider-config.yaml',
];

it.each(filesBelow('.yaml'))('%s is YAML', (path) => {
  const documents = parseAllDocuments(read(path), { uniqueKeys: true });
  for (const document of Array.isArray(documents) ? documents : []) expect(document.errors).toEqual([]);
});

it('has what is made from other files as they are (node scripts/deploy.mjs)', () => {
  for (const [path, content] of Object.entries(generatedFiles()))
    expect([path, read(path.replace('deploy/', ''))]).toEqual([path, content]);
});

describe.each(CONFIGS)('%s', (path) => {
  const [provider] = decodeConfig(read(path));
  const isAsked = (image: string) => provider?.matchImages.some((pattern) => matches(pattern, image));

  it('has the kubelet ask about every registry of ICR', () => {
    for (const host of ICR_HOSTS) expect([host, isAsked(`${host}/ns/app`)]).toEqual([host, true]);
  });

  it.each([
    'cp.icr.io',
    'private.cp.icr.io',
    'dd0.icr.io',
    'stg.icr.io',
    'icr.io:5000',
    'docker.io',
    'us.icr.io.example.com',
    'example.us.icr.io',
    'private.private.us.icr.io',
    'xicr.io',
    'usxicr.io',
  ])('and about no other: %s', (host) => {
    expect(isAsked(`${host}/ns/app`)).toBe(false);
  });

  it('needs no HOME: every folder is named', () => {
    expect(provider?.env?.map(({ name }) => name).sort()).toEqual(
      ['XDG_CACHE_HOME', 'XDG_CONFIG_HOME', 'XDG_DATA_HOME', 'XDG_RUNTIME_DIR', 'XDG_STATE_HOME'].sort(),
    );
  });
});

it('sends the token of a service account as IAM takes it, with the annotation that names the profile', () => {
  const [provider] = decodeConfig(read(CONFIGS[1] ?? ''));
  expect(provider?.tokenAttributes).toMatchObject({
    serviceAccountTokenAudience: 'iam',
    optionalServiceAccountAnnotationKeys: [ANNOTATION],
  });
});

it.each(filesBelow('settings.json'))('%s holds settings that are known', (path) => {
  const settings: unknown = JSON.parse(read(path));
  expect(unknownKeys(checkSettings(settings, path))).toEqual([]);
});

const NODE_FILES = ['install.sh', 'credential-provider-config.yaml', 'settings.json'];

it('machine-config holds the node’s files, and a unit that runs before the kubelet', () => {
  const machineConfig = parseDocument(read('machine-config/99-worker-icr-credential-provider.yaml')).toJS();
  checkStrict(machineConfig, KUBERNETES['MachineConfig'] ?? {});
  const { storage, systemd } = machineConfig.spec.config;
  const files = new Map<string, string>(
    storage.files.map(({ path, contents }: { path: string; contents: { source: string } }) => [
      path,
      Buffer.from(
        contents.source.replace(/^data:text\/plain;charset=utf-8;base64,/, ''),
        'base64',
      ).toString(),
    ]),
  );
  expect([...files.keys()]).toEqual(NODE_FILES.map((name) => `/etc/icr-credential-provider/${name}`));
  expect(files.get('/etc/icr-credential-provider/install.sh')).toBe(read('node/install.sh'));
  expect(() => decodeConfig(files.get(`/etc/icr-credential-provider/${NODE_FILES[1]}`) ?? '')).not.toThrow();
  expect(systemd.units[0].contents).toContain('Before=kubelet.service');
});

it('cloud-init writes the same files and runs the installer', () => {
  const text = read('cloud-init/user-data.yaml');
  expect(text).toMatch(/^#cloud-config\n/);
  const userData = parseDocument(text).toJS();
  checkStrict(userData, CLOUD_INIT);
  const files = userData.write_files as { path: string; content: string; permissions: string }[];
  expect(files.map(({ path }) => path)).toEqual(
    NODE_FILES.map((name) => `/etc/icr-credential-provider/${name}`),
  );
  expect(files[0]).toMatchObject({ content: read('node/install.sh'), permissions: '0755' });
  expect(userData.runcmd[0].slice(0, 2)).toEqual(['/bin/sh', '/etc/icr-credential-provider/install.sh']);
});

const kubectl = existsSync(KUBECTL) ? KUBECTL : 'kubectl';
const hasKubectl = isInstalled(kubectl, 'kustomize');

/** Kubernetes' own types; they take unknown fields, which the shapes do not. */
const MODELS: Record<string, new (value: never) => { validate(): void }> = {
  ClusterRole,
  ClusterRoleBinding,
  CronJob,
  DaemonSet,
  Role,
  RoleBinding,
  ServiceAccount,
};

const CLUSTER_WIDE = ['Namespace', 'ClusterRole', 'ClusterRoleBinding'];

/** Everything that an overlay deploys. */
function build(overlay: string): KubernetesObject[] {
  const { status, stdout, stderr } = spawnSync(kubectl, ['kustomize', join(deploy, 'overlays', overlay)], {
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const documents = parseAllDocuments(stdout);
  return (Array.isArray(documents) ? documents : []).map((document) => document.toJS());
}

describe.runIf(hasKubectl).each(readdirSync(join(deploy, 'overlays')))('the overlay %s', (overlay) => {
  const objects = hasKubectl ? build(overlay) : [];

  it('consists of what Kubernetes knows', () => {
    for (const one of objects) {
      expect(Object.keys(KUBERNETES)).toContain(one.kind);
      checkStrict(one, KUBERNETES[one.kind] ?? {});
      const model = MODELS[one.kind];
      expect(() => model && new model(one as never).validate()).not.toThrow();
    }
  });

  it('mounts nothing that is not there', () => {
    const workload = objects.find(({ kind }) => kind === 'DaemonSet' || kind === 'CronJob');
    const pod = podOf(workload);
    const volumes = pod.volumes.map(({ name }) => name);
    expect(pod.containers[0]?.volumeMounts.map(({ name }) => name).sort()).toEqual(volumes.sort());
    const maps = objects.filter(({ kind }) => kind === 'ConfigMap').map(({ metadata }) => metadata.name);
    for (const { configMap } of pod.volumes) if (configMap) expect(maps).toContain(configMap.name);
    // The image is a parameter that the overlay fills in.
    expect(pod.containers[0]?.image).toMatch(/^registry\.example\.com\//);
  });

  it('has one namespace for what belongs together', () => {
    const namespaces = objects
      .filter(({ kind }) => !CLUSTER_WIDE.includes(kind))
      .map(({ metadata }) => metadata.namespace);
    expect(new Set(namespaces).size).toBe(1);
    expect(namespaces[0]).toBeDefined();
  });
});

it.runIf(hasKubectl)('a key in a pod is for its own group only, or the helper would not use it', () => {
  const pod = podOf(build('pull-secret-key').find(({ kind }) => kind === 'CronJob'));
  const { secret } = pod.volumes.find(({ name }) => name === 'key') ?? {};
  expect((secret?.defaultMode ?? 0o644) & 0o077).toBe(0);
  expect(pod.securityContext?.fsGroup).toBe(65532);
});

describe.runIf(hasKubectl)('what the DaemonSet brings', () => {
  it('is the configuration with or without service accounts', () => {
    for (const [overlay, expected] of [
      ['vpc', undefined],
      ['service-accounts', 'iam'],
    ]) {
      const map = build(overlay ?? '').find(({ metadata }) => metadata.name.startsWith('icr-node-'));
      const [provider] = decodeConfig(map?.data?.['credential-provider-config.yaml'] ?? '');
      expect(provider?.tokenAttributes?.serviceAccountTokenAudience).toBe(expected);
      expect(map?.data?.['install.sh']).toBe(read('node/install.sh'));
    }
  });
});

it.runIf(hasKubectl)('a kubelet may ask for tokens for the audience of its configuration', () => {
  const objects = build('service-accounts');
  const role = objects.find(({ kind }) => kind === 'ClusterRole');
  const [provider] = decodeConfig(read(CONFIGS[1] ?? ''));
  expect(role?.rules).toEqual([
    {
      apiGroups: [''],
      resources: [provider?.tokenAttributes?.serviceAccountTokenAudience],
      verbs: ['request-serviceaccounts-token-audience'],
    },
  ]);
  expect(objects.find(({ kind }) => kind === 'ClusterRoleBinding')).toMatchObject({
    roleRef: { kind: 'ClusterRole', name: role?.metadata.name },
    subjects: [{ kind: 'Group', name: 'system:nodes' }],
  });
});

it.runIf(hasKubectl).each(['key', 'trusted-profile'])(
  'OpenShift chooses user and group of pull-secret-%s: its restricted-v2 refuses any other',
  (identity) => {
    const text = JSON.stringify(build(`pull-secret-${identity}-openshift`));
    expect(text).not.toMatch(/runAsUser|runAsGroup|fsGroup/);
    expect(text).toContain('"runAsNonRoot":true');
  },
);

const namespace = namespaceCommand();
if (!namespace) console.warn('SKIPPED: the seconds of the CronJob, since pid namespaces are not allowed');

it.runIf(namespace)(
  'a CronJob starts at another second each time, though its shell is always process 1',
  () => {
    const { spec } = parseDocument(read('pull-secret/cron-job.yaml')).toJS();
    const [container] = podOf({ spec } as KubernetesObject).containers;
    const [line = ''] = /^sleep .*$/m.exec(container?.command?.[2] ?? '') ?? [];
    const [program = '', ...args] = namespace ?? [];
    const seconds = Array.from({ length: 8 }, () => {
      const script = `sleep() { echo "$$ $1"; }; ${line}`;
      const { stdout } = spawnSync(program, [...args, '/bin/sh', '-euc', script], { encoding: 'utf8' });
      expect(stdout).toMatch(/^1 [0-5]?\d\n$/);
      return stdout;
    });
    expect(new Set(seconds).size).toBeGreaterThan(1);
  },
);

interface Pod {
  containers: { image: string; command?: string[]; volumeMounts: { name: string }[] }[];
  volumes: { name: string; configMap?: { name: string }; secret?: { defaultMode?: number } }[];
  securityContext?: { fsGroup?: number };
}

function podOf(workload: KubernetesObject | undefined): Pod {
  const spec = workload?.spec as {
    template?: { spec: Pod };
    jobTemplate?: { spec: { template: { spec: Pod } } };
  };
  const pod = spec.template?.spec ?? spec.jobTemplate?.spec.template.spec;
  if (!pod) throw new Error('no pod');
  return pod;
}
