import { parseRegistryHost, type RegistryHost } from '../registry-host.ts';

export interface Image {
  /** Host and port, letter by letter as in the image: the kubelet compares it so. */
  registry: string;
  /** Below the registry, without tag and digest. */
  repository: string;
  /** Null for an image of another registry. */
  host: RegistryHost | null;
}

// [host[:port]/]path[:tag][@digest] (distribution/reference). Without a slash the first part is an
// image of Docker Hub, also where it looks like a host.
const REFERENCE = /^([a-z0-9.-]+(?::\d+)?)\/([a-z0-9._/-]+)(?::[\w.-]+)?(?:@[a-z0-9+._-]+:[0-9a-f]+)?$/i;

/** What an image reference names; never throws, what cannot be parsed is not ours. */
export function parseImage(image: string): Image {
  const [, registry = '', repository = ''] = REFERENCE.exec(image) ?? [];
  return { registry, repository, host: parseRegistryHost(`${registry}/${repository}`) };
}
