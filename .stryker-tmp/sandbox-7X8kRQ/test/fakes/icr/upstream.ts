import type { Handler } from '../http.ts';
import { rewriteChallenge } from './challenge.ts';

/** Between two connections, and not between the two ends (RFC 9110, 7.6.1). */
const HOP_BY_HOP = [
  'connection',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
  'te',
  'trailer',
  'host',
  'expect',
];

/** Passes requests on to a plain docker-registry, which checks the tokens itself. Streams both ways. */
export function createUpstream(base: string): Handler {
  return async (request) => {
    const { pathname, search } = new URL(request.url);
    const answer = await fetch(new URL(pathname + search, base), {
      method: request.method,
      headers: withoutHopByHop(request.headers),
      body: request.body,
      // Redirects and Location headers are for the client to follow.
      redirect: 'manual',
      duplex: 'half',
      signal: request.signal,
    });
    const headers = withoutHopByHop(answer.headers);
    const challenge = headers.get('www-authenticate');
    if (challenge) headers.set('www-authenticate', rewriteChallenge(challenge, request));
    return new Response(answer.body, { status: answer.status, headers });
  };
}

function withoutHopByHop(original: Headers): Headers {
  const headers = new Headers(original);
  for (const name of HOP_BY_HOP) headers.delete(name);
  return headers;
}
