import { HelperError } from './errors.ts';

/**
 * The one way to the network. What holds for every request: no redirect is followed, TLS is
 * verified whatever the environment says, nothing is logged whatever the environment says, and a
 * reply has at most 1 MB.
 */
export interface HttpRequest {
  method: 'GET' | 'POST' | 'PUT';
  url: string;
  headers: Record<string, string>;
  body?: string;
  timeoutMs: number;
  /** Never through a proxy, whatever the environment says: for a service of this very machine. */
  direct?: true;
}

export interface HttpResponse {
  status: number;
  header(name: string): string | null;
  body: string;
}

/** Fails with `unreachable` if no whole, plain answer came. */
export type Http = (request: HttpRequest) => Promise<HttpResponse>;

/** What is used of fetch; Bun's and node-fetch's take more options than the standard. */
export type Fetch = (url: string, options: object) => Promise<FetchedResponse>;

interface FetchedResponse {
  status: number;
  headers: { get(name: string): string | null };
  body: AsyncIterable<Uint8Array> | null;
}

/** Counted after decompression. */
const LIMIT_BYTES = 1024 * 1024;

/** Gives the runtime's fetch and its options for a URL. */
export type LoadTransport = (url: URL, direct: boolean) => Promise<{ fetch: Fetch; options: object }>;

export function createHttp(loadTransport: LoadTransport): Http {
  return async (request) => {
    const url = new URL(request.url);
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(), request.timeoutMs);
    try {
      const { fetch, options } = await loadTransport(url, request.direct ?? false);
      const { method, headers, body } = request;
      const response = await fetch(url.href, {
        ...options,
        ...{ method, headers, body, signal: controller.signal, redirect: 'manual' },
      });
      if (response.status >= 300 && response.status < 400) {
        throw new HelperError(
          'unreachable',
          `${url.host} redirects (HTTP ${response.status}), which is never followed`,
          {
            hint: 'check for a proxy or captive portal in between',
          },
        );
      }
      const text = await readText(response, url);
      return { status: response.status, header: (name) => response.headers.get(name), body: text };
    } catch (error) {
      if (error instanceof HelperError) throw error;
      if (controller.signal.aborted) {
        const seconds = Math.max(1, Math.round(request.timeoutMs / 1000));
        throw new HelperError('unreachable', `${url.host} did not answer within ${seconds} s`, {
          hint: NETWORK_HINT,
        });
      }
      throw networkError(url, error);
    } finally {
      clearTimeout(timer);
    }
  };
}

async function readText(response: FetchedResponse, url: URL): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > LIMIT_BYTES)
      throw new HelperError('unreachable', `the reply of ${url.host} is larger than 1 MB`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

const NETWORK_HINT = 'check the network, HTTPS_PROXY and NO_PROXY';
const CERTIFICATE_HINT = 'if a proxy re-signs TLS, name its CA in SSL_CERT_FILE or NODE_EXTRA_CA_CERTS';

function networkError(url: URL, error: unknown): HelperError {
  const code = codeOf(error);
  const certificate = /CERT|ISSUER|SIGNATURE|ALTNAME|SSL|TLS/.test(code);
  return new HelperError('unreachable', `cannot reach ${url.host} (${code})`, {
    hint: certificate ? CERTIFICATE_HINT : NETWORK_HINT,
    // A name that does not exist, a proxy that is none, is not there or refuses us: the same in a second.
    transient: !certificate && !/ENOTFOUND|ECONNREFUSED|INVALID_URL|PROXY/i.test(code),
    // The causes quote URLs and options only, never a body.
    cause: error,
  });
}

function codeOf(error: unknown): string {
  const { code, cause, message } = error as { code?: unknown; cause?: { code?: unknown }; message?: unknown };
  return String(code ?? cause?.code ?? message ?? error).slice(0, 100);
}
