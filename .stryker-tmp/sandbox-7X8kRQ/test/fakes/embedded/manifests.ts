import { jsonResponse } from '../http.ts';
import { RegistryRefusal } from '../icr/refusals.ts';
import { bodyOf, contentResponse, digestOf } from './digest.ts';

interface Manifest {
  readonly type: string;
  readonly content: Buffer;
}

/** Manifests and tags (distribution specification, "Pushing manifests"). */
export function createManifestStore() {
  /** By repository, and there by tag and by digest alike. */
  const repositories = new Map<string, Map<string, Manifest>>();

  async function put(request: Request, repository: string, reference: string): Promise<Response> {
    const content = await bodyOf(request);
    const digest = digestOf(content);
    const isDigest = reference.includes(':');
    if (isDigest && reference !== digest) {
      throw new RegistryRefusal('DIGEST_INVALID', 'provided digest did not match uploaded content');
    }
    const manifest = { content, type: request.headers.get('content-type') ?? 'application/octet-stream' };
    const known = repositories.get(repository) ?? new Map<string, Manifest>();
    repositories.set(repository, known.set(digest, manifest).set(reference, manifest));
    const headers = { location: `/v2/${repository}/manifests/${digest}`, 'docker-content-digest': digest };
    return new Response(null, { status: 201, headers: { ...headers, 'content-length': '0' } });
  }

  return {
    async serve(request: Request, repository: string, reference: string): Promise<Response> {
      if (request.method === 'PUT') return put(request, repository, reference);
      const manifest = repositories.get(repository)?.get(reference);
      if (!manifest) throw new RegistryRefusal('MANIFEST_UNKNOWN', 'manifest unknown');
      if (request.method === 'DELETE') {
        repositories.get(repository)?.delete(reference);
        return new Response(null, { status: 202 });
      }
      const { content, type } = manifest;
      return contentResponse(request, content, {
        'content-type': type,
        'docker-content-digest': digestOf(content),
      });
    },
    tags(repository: string): Response {
      const known = repositories.get(repository);
      if (!known) throw new RegistryRefusal('NAME_UNKNOWN', 'repository name not known to registry');
      const tags = [...known.keys()].filter((reference) => !reference.includes(':')).sort();
      return jsonResponse(200, { name: repository, tags });
    },
  };
}
