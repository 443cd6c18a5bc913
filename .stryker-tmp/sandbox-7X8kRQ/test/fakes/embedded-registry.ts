/** A registry in memory: enough of the distribution specification to push to and pull from. */
import { createBlobStore } from './embedded/blobs.ts';
import { createManifestStore } from './embedded/manifests.ts';
import type { Handler } from './http.ts';
import { jsonResponse } from './http.ts';
import { RegistryRefusal, registryError } from './icr/refusals.ts';

const UPLOADS = /^\/v2\/(.+)\/blobs\/uploads\/([0-9a-f-]*)$/;
const BLOB = /^\/v2\/(.+)\/blobs\/(sha256:[0-9a-f]{64})$/;
const MANIFEST = /^\/v2\/(.+)\/manifests\/([^/]+)$/;
const TAGS = /^\/v2\/(.+)\/tags\/list$/;

/** Knows nothing of tokens: put a guard before it. */
export function createEmbeddedRegistry(): Handler {
  const blobs = createBlobStore();
  const manifests = createManifestStore();

  async function route(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (pathname === '/v2/' || pathname === '/v2') return jsonResponse(200, {});
    const [uploads, blob, manifest, tags] = [UPLOADS, BLOB, MANIFEST, TAGS].map((path) =>
      path.exec(pathname),
    );
    if (uploads) return blobs.upload(request, uploads[1] ?? '', uploads[2] ?? '');
    if (blob) return blobs.serve(request, blob[1] ?? '', blob[2] ?? '');
    if (manifest) return manifests.serve(request, manifest[1] ?? '', manifest[2] ?? '');
    if (tags) return manifests.tags(tags[1] ?? '');
    throw new RegistryRefusal('NAME_UNKNOWN', 'repository name not known to registry');
  }

  return async (request) => {
    const response = await route(request).catch(refused);
    response.headers.set('docker-distribution-api-version', 'registry/2.0');
    return response;
  };
}

function refused(error: unknown): Response {
  if (error instanceof RegistryRefusal) return registryError(error);
  throw error;
}
