import { createHash } from 'node:crypto';

export function digestOf(content: Uint8Array): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

export async function bodyOf(request: Request): Promise<Buffer> {
  return Buffer.from(await request.arrayBuffer());
}

/** HEAD gets what GET gets, without the body. */
export function contentResponse(
  request: Request,
  content: Buffer,
  headers: Record<string, string>,
): Response {
  const length = String(content.byteLength);
  const body = request.method === 'HEAD' ? null : new Uint8Array(content);
  return new Response(body, { status: 200, headers: { 'content-length': length, ...headers } });
}
