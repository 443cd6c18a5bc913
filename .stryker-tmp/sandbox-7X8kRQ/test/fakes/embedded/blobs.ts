import { randomUUID } from 'node:crypto';
import { RegistryRefusal } from '../icr/refusals.ts';
import { bodyOf, contentResponse, digestOf } from './digest.ts';

/** Blobs and the uploads that make them (distribution specification, "Pushing blobs"). */
export function createBlobStore() {
  const blobs = new Map<string, Buffer>();
  /** `ns/img@sha256:…`: a repository sees only what was pushed to it or mounted into it. */
  const links = new Set<string>();
  const uploads = new Map<string, Buffer>();

  function begin(request: Request, repository: string): Promise<Response> | Response {
    const { searchParams } = new URL(request.url);
    const mount = searchParams.get('mount');
    if (mount && links.has(`${searchParams.get('from')}@${mount}`)) return created(repository, mount);
    const id = randomUUID();
    uploads.set(id, Buffer.alloc(0));
    return searchParams.has('digest') ? finish(request, repository, id) : accepted(repository, id, 202);
  }

  async function append(request: Request, id: string): Promise<Buffer> {
    const received = await bodyOf(request);
    const before = uploads.get(id);
    if (!before) throw new RegistryRefusal('BLOB_UPLOAD_UNKNOWN', 'blob upload unknown to registry');
    const all = Buffer.concat([before, received]);
    uploads.set(id, all);
    return all;
  }

  async function finish(request: Request, repository: string, id: string): Promise<Response> {
    const content = await append(request, id);
    const digest = digestOf(content);
    if (digest !== new URL(request.url).searchParams.get('digest')) {
      throw new RegistryRefusal('DIGEST_INVALID', 'provided digest did not match uploaded content');
    }
    uploads.delete(id);
    blobs.set(digest, content);
    return created(repository, digest);
  }

  function created(repository: string, digest: string): Response {
    links.add(`${repository}@${digest}`);
    const headers = { location: `/v2/${repository}/blobs/${digest}`, 'docker-content-digest': digest };
    return new Response(null, { status: 201, headers: { ...headers, 'content-length': '0' } });
  }

  function accepted(repository: string, id: string, status: number): Response {
    const last = Math.max(0, (uploads.get(id)?.byteLength ?? 0) - 1);
    const location = `/v2/${repository}/blobs/uploads/${id}`;
    const headers = { location, range: `0-${last}`, 'docker-upload-uuid': id, 'content-length': '0' };
    return new Response(null, { status, headers });
  }

  return {
    /** The id is empty for a new upload. */
    async upload(request: Request, repository: string, id: string): Promise<Response> {
      if (request.method === 'POST') return begin(request, repository);
      if (request.method === 'PUT') return finish(request, repository, id);
      if (request.method === 'PATCH') await append(request, id);
      if (request.method === 'DELETE') uploads.delete(id);
      return accepted(repository, id, request.method === 'PATCH' ? 202 : 204);
    },
    serve(request: Request, repository: string, digest: string): Response {
      const content = links.has(`${repository}@${digest}`) ? blobs.get(digest) : undefined;
      if (!content) throw new RegistryRefusal('BLOB_UNKNOWN', 'blob unknown to registry');
      const type = { 'content-type': 'application/octet-stream' };
      return contentResponse(request, content, { ...type, 'docker-content-digest': digest });
    },
  };
}
