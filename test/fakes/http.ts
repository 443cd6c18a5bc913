/** What every double needs of HTTP, and nothing of IBM. */

export type Handler = (request: Request) => Promise<Response>;

export interface Basic {
  readonly username: string;
  readonly password: string;
}

/** RFC 7617; null if the request has no Basic credentials. The password may contain colons. */
export function basicCredentials(request: Request): Basic | null {
  const encoded = /^basic +(.+)$/i.exec(request.headers.get('authorization') ?? '')?.[1];
  if (!encoded) return null;
  const [username = '', ...password] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  return { username, password: password.join(':') };
}

export function bearerToken(request: Request): string | null {
  return /^bearer +(.+)$/i.exec(request.headers.get('authorization') ?? '')?.[1] ?? null;
}

export function jsonResponse(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  const text = JSON.stringify(body);
  const length = String(Buffer.byteLength(text));
  const standard = { 'content-type': 'application/json', 'content-length': length };
  return new Response(text, { status, headers: { ...standard, ...headers } });
}

export function htmlResponse(status: number, body: string): Response {
  const page = `<!DOCTYPE html>\n<html><body>${body}</body></html>\n`;
  return new Response(page, { status, headers: { 'content-type': 'text/html; charset=utf-8' } });
}

/** Waits, or fails with the request's own reason when its caller gives up: what fetch does. */
export function pause(milliseconds: number, { signal }: Request): Promise<void> {
  return new Promise((resolve, reject) => {
    const giveUp = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', giveUp);
      resolve();
    }, milliseconds);
    if (signal.aborted) giveUp();
    else signal.addEventListener('abort', giveUp, { once: true });
  });
}

/** Node's requests lose their caller's signal when they are collected, and nothing else holds these. */
const hanging = new Set<Request>();

/** Never resolves; rejects as `pause` does. */
export async function hang(request: Request): Promise<never> {
  hanging.add(request);
  const { signal } = request;
  try {
    return await new Promise<never>((_, reject) => {
      if (signal.aborted) reject(signal.reason);
      else signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
  } finally {
    hanging.delete(request);
  }
}
