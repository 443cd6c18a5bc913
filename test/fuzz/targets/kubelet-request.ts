import { parseImage } from '../../../src/kubelet/image.ts';
import { parseRequest } from '../../../src/kubelet/request.ts';
import { parseRegistryHost } from '../../../src/registry-host.ts';
import { CANARY, jsonOf, must, mustEqual, orRefusal, type Target } from '../target.ts';

const KIND = 'CredentialProviderRequest';
const API_VERSION = 'credentialprovider.kubelet.k8s.io/v1';
const example = (image: string, more: object = {}) =>
  JSON.stringify({ kind: KIND, apiVersion: API_VERSION, image, ...more });

/** What a kubelet asks, and which registry its image is of. */
export function kubeletRequest(): Target {
  return {
    files: ['kubelet/request.ts', 'kubelet/image.ts'],
    isJson: true,
    seeds: [
      example('us.icr.io/ns/app'),
      example('us.icr.io:443/ns/app:v1@sha256:0123456789abcdef', { serviceAccountToken: CANARY }),
      example('icr.io/a', { serviceAccountAnnotations: { 'a/b': 'c' } }),
      example('us.icr.io', { serviceAccountAnnotations: { a: 1 } }),
      example('https://us.icr.io/ns/app'),
      example('user@us.icr.io/ns/app\n'),
      '{"kind":"CredentialProviderRequest","apiVersion":"v1"}',
      'null',
    ],
    words: ['us.icr.io', '.icr.io/', ':443', '@sha256:', '://', 'serviceAccountToken', CANARY],
    check: (input) => {
      const request = orRefusal(() => parseRequest(input), input);
      if (request === null) return;
      const json = jsonOf(input) as Record<string, unknown>;
      mustEqual(
        [json['kind'], json['apiVersion'], json['image']],
        [KIND, API_VERSION, request.image],
        'read',
      );
      mustEqual(request.serviceAccountToken?.reveal() ?? '', json['serviceAccountToken'] ?? '', 'token');
      const { registry, repository, host } = parseImage(request.image);
      if (host === null) return;
      must(
        request.image.startsWith(`${registry}/${repository}`),
        'registry and repository are not in the image',
      );
      must(!/[:@]/.test(repository), 'a tag or digest is left');
      must(parseRegistryHost(registry)?.name === host.name, `${registry} is not ${host.name}`);
      must(repository !== '' && host.path === repository, 'the path is not the repository');
    },
  };
}
