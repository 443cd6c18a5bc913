import type { Blob, Image } from './image.ts';
import { digestOf } from './image.ts';

/** What a credential helper answers. */
export interface Credentials {
  readonly Username: string;
  readonly Secret: string;
}

interface RegistryClientOptions {
  /** Base URL of the registry. */
  readonly url: string;
  /** PEM of the CA to trust. */
  readonly authority: string;
  /** Null goes on anonymously. */
  readonly credentials: Credentials | null;
  /** One line for each request. */
  log(line: string): void;
}

export type RegistryClient = ReturnType<typeof createRegistryClient>;

/**
 * The smallest client of a registry that can push and pull: for machines without docker, podman
 * and skopeo (OCI Distribution Specification 1.1; distribution, "Token authentication").
 */
export function createRegistryClient({ url, authority, credentials, log }: RegistryClientOptions) {
  let token: string | null = null;

  async function send(method: string, target: string, init: RequestInit = {}): Promise<Response> {
    const address = new URL(target, url);
    // The option is Bun's: its fetch takes a CA for a single request.
    const options = { ...init, method, tls: { ca: authority } } as RequestInit;
    const response = await fetch(address, options);
    log(`${method} ${shorten(address)} → ${response.status}`);
    return response;
  }

  /** Sends, and once more with a token if the registry wants one. */
  async function request(method: string, path: string, blob?: Blob): Promise<Response> {
    const attempt = () =>
      send(method, path, {
        headers: {
          ...(blob && { 'content-type': blob.mediaType }),
          ...(token !== null && { authorization: `Bearer ${token}` }),
        },
        ...(blob && { body: new Uint8Array(blob.content) }),
      });
    let response = await attempt();
    if (response.status === 401) {
      token = await fetchToken(response.headers.get('www-authenticate') ?? '');
      response = await attempt();
    }
    if (response.ok) return response;
    throw new Error(`${method} ${path} was answered with HTTP ${response.status}`);
  }

  async function fetchToken(challenge: string): Promise<string> {
    const { realm = '', ...fields } = parseChallenge(challenge);
    const basic = credentials && btoa(`${credentials.Username}:${credentials.Secret}`);
    const query = new URLSearchParams(fields);
    const headers: Record<string, string> = basic ? { authorization: `Basic ${basic}` } : {};
    const response = await send('GET', `${realm}?${query}`, { headers });
    if (!response.ok) throw new Error(`no token from ${realm}: HTTP ${response.status}`);
    return ((await response.json()) as { token: string }).token;
  }

  async function pushBlob(repository: string, blob: Blob): Promise<void> {
    const upload = await request('POST', `/v2/${repository}/blobs/uploads/`);
    const location = new URL(upload.headers.get('location') ?? '', url);
    location.searchParams.set('digest', blob.digest);
    await request('PUT', location.href, { ...blob, mediaType: 'application/octet-stream' });
  }

  async function pull(path: string): Promise<Buffer> {
    return Buffer.from(await (await request('GET', path)).arrayBuffer());
  }

  return {
    async push(image: Image, repository: string, tag: string): Promise<void> {
      for (const blob of [image.layer, image.config]) await pushBlob(repository, blob);
      await request('PUT', `/v2/${repository}/manifests/${tag}`, image.manifest);
    },
    /** The digests of what came, each computed from the bytes themselves: manifest, config, layers. */
    async pull(repository: string, tag: string): Promise<string[]> {
      const manifest = await pull(`/v2/${repository}/manifests/${tag}`);
      const { config, layers } = JSON.parse(manifest.toString());
      const digests = [config, ...layers].map(({ digest }: { digest: string }) => digest);
      const blobs = [];
      for (const digest of digests) blobs.push(await pull(`/v2/${repository}/blobs/${digest}`));
      return [manifest, ...blobs].map(digestOf);
    },
  };
}

/** `Bearer realm="…", service="…", scope="…"`, with ICR's blanks after the commas (RFC 9110, 11.6.1). */
function parseChallenge(challenge: string): Record<string, string> {
  return Object.fromEntries(
    [...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]),
  );
}

/** Without upload ids and signatures. */
function shorten({ pathname, searchParams }: URL): string {
  const scope = searchParams.get('scope');
  return pathname.replace(/(uploads\/).+/, '$1…') + (scope ? `?scope=${scope}` : '');
}
