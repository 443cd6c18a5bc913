import { isObject } from '../config/settings.ts';
import { HelperError } from '../errors.ts';
import { Secret } from '../secret.ts';

/** The one version that is spoken, of requests and responses (k8s.io/kubelet, pkg/apis/credentialprovider/v1). */
export const API_VERSION = 'credentialprovider.kubelet.k8s.io/v1';
const KIND = 'CredentialProviderRequest';

export interface KubeletRequest {
  /** Host, port and path; the kubelet leaves out tag and digest. */
  image: string;
  /** Of the pod's service account, where the kubelet is configured to send one (KEP-4412). */
  serviceAccountToken?: Secret;
  serviceAccountAnnotations: Readonly<Record<string, string>>;
}

/**
 * Parses what the kubelet writes to stdin. Fields that it does not know are passed over: v1 has got
 * new ones before, and images have to be pulled after an upgrade of the kubelet too.
 */
export function parseRequest(input: string): KubeletRequest {
  const { apiVersion, kind, image, ...more } = parseObject(input);
  // To Go null is the same as nothing.
  const serviceAccountToken = more['serviceAccountToken'] ?? '';
  const serviceAccountAnnotations = more['serviceAccountAnnotations'] ?? {};
  if (kind !== KIND) throw wrong(`the input is no ${KIND}`);
  if (apiVersion !== API_VERSION) {
    throw wrong(`the request is not of ${API_VERSION}`, `set apiVersion of the provider to ${API_VERSION}`);
  }
  if (typeof image !== 'string' || image === '') throw wrong('the request names no image');
  if (typeof serviceAccountToken !== 'string') throw wrong('serviceAccountToken is not a string');
  return {
    image,
    ...(serviceAccountToken && { serviceAccountToken: new Secret(serviceAccountToken) }),
    serviceAccountAnnotations: parseAnnotations(serviceAccountAnnotations),
  };
}

function parseObject(input: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(input);
  } catch {
    // The parser's own message quotes the input, and with it the token.
    throw wrong('the input is not JSON');
  }
  if (!isObject(value)) throw wrong('the input is not a JSON object');
  return value;
}

function parseAnnotations(value: unknown): Record<string, string> {
  if (isObject(value) && Object.values(value).every((text) => typeof text === 'string'))
    return value as Record<string, string>;
  throw wrong('serviceAccountAnnotations is not a map of strings');
}

function wrong(message: string, hint = `the kubelet sends a ${KIND} on standard input`): HelperError {
  return new HelperError('bad-input', message, { hint });
}
