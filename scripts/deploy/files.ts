import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { API_VERSION } from '../../src/kubelet/request.ts';
import { ANNOTATION } from '../../src/kubelet/service-account.ts';
import { ICR_HOSTS } from '../../src/registry-host.ts';
import { PROVIDER_NAME } from '../../src/version.ts';

/**
 * What of deploy/ is made from other files: the configuration of the kubelet from the list of
 * registries, and the two that have to hold the node's files within themselves.
 */
const root = new URL('../../', import.meta.url);

function source(path: string): string {
  return readFileSync(fileURLToPath(new URL(path, root)), 'utf8');
}

const MADE = '# Made by scripts/deploy.mjs.\n';
const FOLDER = '/etc/icr-credential-provider';
/** Of the release that a node installs; whoever deploys fills them in. */
const RELEASE = {
  url: 'https://example.com/docker-credential-icr-linux-x64.tar.gz',
  sha256: '0'.repeat(64),
};

/** By path below the project. */
export function generatedFiles(): Record<string, string> {
  return {
    'deploy/node/credential-provider-config.yaml': MADE + stringify(config({})),
    'deploy/overlays/service-accounts/credential-provider-config.yaml':
      MADE + stringify(config({ tokenAttributes: TOKEN_ATTRIBUTES })),
    'deploy/machine-config/99-worker-icr-credential-provider.yaml':
      `${MADE}# OpenShift on machines of your own in IBM Cloud. Fill in the trusted profile (settings.json) and the\n# release (the unit): the files are base64, change their sources and run the script.\n` +
      stringify(machineConfig(), { lineWidth: 0 }),
    'deploy/cloud-init/user-data.yaml':
      `#cloud-config\n${MADE}# For nodes of your own on VPC. Fill in the trusted profile and the release.\n` +
      stringify(cloudInit(), { lineWidth: 0 }),
  };
}

const TOKEN_ATTRIBUTES = {
  // What IAM wants of a service account token (IBM docs: "Authorizing pods … with IAM trusted profiles").
  serviceAccountTokenAudience: 'iam',
  cacheType: 'ServiceAccount',
  // Static pods have none, and pods without the annotation pull with the node's identity.
  requireServiceAccount: false,
  optionalServiceAccountAnnotationKeys: [ANNOTATION],
};

function config(more: object) {
  const env = {
    XDG_CONFIG_HOME: '/etc',
    XDG_DATA_HOME: '/var/lib',
    XDG_STATE_HOME: '/var/lib',
    XDG_CACHE_HOME: '/var/cache',
    XDG_RUNTIME_DIR: `/run/${PROVIDER_NAME}`,
  };
  const provider = {
    name: PROVIDER_NAME,
    apiVersion: API_VERSION,
    // Names, not patterns: *.icr.io would take in what is not IAM's (cp.icr.io).
    matchImages: ICR_HOSTS,
    // For API keys; tokens come with a duration of their own.
    defaultCacheDuration: '1h',
    env: Object.entries(env).map(([name, value]) => ({ name, value })),
    ...more,
  };
  return { apiVersion: 'kubelet.config.k8s.io/v1', kind: 'CredentialProviderConfig', providers: [provider] };
}

function nodeFiles(): { path: string; content: string; mode: number }[] {
  return [
    { path: `${FOLDER}/install.sh`, content: source('deploy/node/install.sh'), mode: 0o755 },
    {
      path: `${FOLDER}/credential-provider-config.yaml`,
      content: MADE + stringify(config({})),
      mode: 0o644,
    },
    { path: `${FOLDER}/settings.json`, content: source('deploy/overlays/vpc/settings.json'), mode: 0o644 },
  ];
}

const INSTALL = `/bin/sh ${FOLDER}/install.sh --url ${RELEASE.url} --sha256 ${RELEASE.sha256}`;

/** At each boot, before the kubelet: an update of OpenShift may bring another unit of it. */
const UNIT = `[Unit]
Description=Install the image credential provider of IBM Cloud Container Registry
Wants=network-online.target
After=network-online.target
Before=kubelet.service

[Service]
Type=oneshot
RemainAfterExit=yes
TimeoutStartSec=300
ExecStart=${INSTALL}

[Install]
WantedBy=multi-user.target
`;

function machineConfig() {
  return {
    apiVersion: 'machineconfiguration.openshift.io/v1',
    kind: 'MachineConfig',
    metadata: {
      name: '99-worker-icr-credential-provider',
      labels: { 'machineconfiguration.openshift.io/role': 'worker' },
    },
    spec: {
      config: {
        ignition: { version: '3.2.0' },
        storage: {
          files: nodeFiles().map(({ path, content, mode }) => ({
            path,
            mode,
            overwrite: true,
            contents: {
              source: `data:text/plain;charset=utf-8;base64,${Buffer.from(content).toString('base64')}`,
            },
          })),
        },
        systemd: {
          units: [{ name: 'icr-credential-provider-install.service', enabled: true, contents: UNIT }],
        },
      },
    },
  };
}

function cloudInit() {
  const write_files = nodeFiles().map(({ path, content, mode }) => ({
    path,
    permissions: `0${mode.toString(8)}`,
    content,
  }));
  return { write_files, runcmd: [`${INSTALL} --restart`.split(' ')] };
}
