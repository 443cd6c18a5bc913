import type { HttpResponse } from '../../src/http.ts';
import { decided, type Finding, undecided } from './finding.ts';

/** An answer with its JSON; {} for a body that is none. */
export interface Reply {
  readonly status: number;
  readonly body: Record<string, unknown>;
  header(name: string): string | null;
}

export function toReply(response: HttpResponse): Reply {
  const { status, header } = response;
  return { status, header, body: parseObject(response.body) };
}

/** The error code of IAM or of a registry. */
export function errorCode({ body }: Reply): string {
  const [first] = Array.isArray(body['errors']) ? body['errors'] : [];
  return String(body['errorCode'] ?? first?.code ?? 'no error code');
}

/** `HTTP 400 BXNIM0415E` */
export function describe(reply: Reply): string {
  return reply.status === 200 ? 'HTTP 200' : `HTTP ${reply.status} ${errorCode(reply)}`;
}

/** Overload and outages say nothing about what IBM Cloud would do on another day. */
export function isOutage({ status }: Reply): boolean {
  return status === 429 || (status >= 500 && status !== 501);
}

/** For claims about whether something is taken or refused. */
export function judge(reply: Reply, holds: boolean, seen = ''): Finding {
  const text = [describe(reply), seen].filter(Boolean).join(', ');
  return isOutage(reply) ? undecided(text) : decided(holds, text);
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const value = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
