import { HelperError } from '../errors.ts';
import { posixWord } from '../posix-quote.ts';
import { NAME } from '../version.ts';
import { authsOf } from './auth-file.ts';
import type { Consumer, ConsumerOptions, Logins } from './consumer.ts';
import { DEFAULT_NAME } from './default-name.ts';
import { type Branch, toYaml } from './yaml.ts';

/** A pull secret for Kubernetes and OpenShift, with the service account that uses it as a second object. */
export const kubernetes: Consumer = {
  keptIn: 'a Kubernetes secret',
  takesSeveral: true,
  options: ['name', 'namespace', 'apply-to-service-account', 'format'],
  check: ({ name, namespace, serviceAccount }) => {
    checkSubdomain(name, '--name');
    checkSubdomain(serviceAccount, '--apply-to-service-account');
    checkLabel(namespace);
  },
  render: (logins, options) => {
    const { serviceAccount, format } = options;
    const objects: Branch[] = [secretOf(logins, options)];
    if (serviceAccount !== undefined) objects.push(accountOf(serviceAccount, options));
    return format === 'json' ? toJson(objects) : objects.map((object) => toYaml(object)).join('---\n');
  },
  varies: /(?<="?\.dockerconfigjson"?: ")[\w+/=]*/,
  // Server-side: the other way keeps a copy of the secret in an annotation.
  next: (file) => [`kubectl apply --server-side -f ${posixWord(file)}`],
  caution: ({ serviceAccount }) =>
    serviceAccount === undefined
      ? null
      : `when applied, this is the only pull secret of the service account ${serviceAccount}: others that it has are no longer used`,
};

function metadataOf(name: string, { namespace }: ConsumerOptions) {
  return { name, ...(namespace !== undefined && { namespace }) };
}

function secretOf(logins: Logins, options: ConsumerOptions) {
  const config = JSON.stringify(authsOf(logins));
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      ...metadataOf(options.name ?? DEFAULT_NAME, options),
      labels: { 'app.kubernetes.io/managed-by': NAME },
    },
    type: 'kubernetes.io/dockerconfigjson',
    data: { '.dockerconfigjson': Buffer.from(config).toString('base64') },
  };
}

function accountOf(serviceAccount: string, options: ConsumerOptions) {
  return {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: metadataOf(serviceAccount, options),
    imagePullSecrets: [{ name: options.name ?? DEFAULT_NAME }],
  };
}

/** JSON has one value in a file: several objects are a List. */
function toJson(objects: readonly Branch[]): string {
  const [first] = objects;
  const value = objects.length === 1 ? first : { apiVersion: 'v1', kind: 'List', items: objects };
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** Names of objects: a DNS subdomain (Kubernetes docs, "Object Names and IDs"; RFC 1123). */
function checkSubdomain(name: string | undefined, option: string): void {
  const label = '[a-z0-9](?:[a-z0-9-]*[a-z0-9])?';
  if (name === undefined || (name.length <= 253 && new RegExp(`^${label}(?:\\.${label})*$`).test(name)))
    return;
  throw new HelperError('bad-input', `${option} is not a name that Kubernetes takes`, {
    hint: 'use at most 253 lower case letters, digits, dashes and dots; each part begins and ends with a letter or digit',
  });
}

/** Names of namespaces: a DNS label. */
function checkLabel(name: string | undefined): void {
  if (name === undefined || /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(name)) return;
  throw new HelperError('bad-input', '--namespace is not a name that Kubernetes takes', {
    hint: 'use at most 63 lower case letters, digits and dashes, with a letter or digit at both ends',
  });
}
