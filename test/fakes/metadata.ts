/**
 * A double of the VPC instance metadata service: an instance gets a token for itself, and with it
 * an IAM token of a trusted profile. Facts: IBM docs "Accessing VPC metadata", IBM's SDKs
 * (vpc-instance-token-manager).
 */
import { ANY_PATH, createFaultSwitch } from './fault-switch.ts';
import { answerWith } from './faults.ts';
import { bearerToken, hang, jsonResponse } from './http.ts';
import type { Identity } from './iam/identities.ts';
import { findProfile } from './iam/profiles.ts';
import { randomText } from './iam/secrets.ts';
import type { Iam } from './iam.ts';
import { tellSecret } from './witness.ts';

export interface MetadataSettings {
  /** Which paths are served. `silent`: a disabled service, which gives no answer at all. */
  mode: 'v1' | 'v2' | 'both' | 'silent';
  /** The profile that is linked to the instance, for requests that name none. */
  defaultProfile: Identity | null;
}

export type Metadata = ReturnType<typeof createMetadata>;

/** One request as the double saw it; in place of an instance token stands whether it is one of ours. */
export interface MetadataRequest {
  readonly method: string;
  readonly path: string;
  /** The query's; '' for none. */
  readonly version: string;
  readonly headers: Readonly<Record<string, string>>;
  /** As it came. */
  body: string;
  /** null as long as there is no answer. */
  status: number | null;
}

/** What a request's body may hold. */
interface Wanted {
  expires_in?: number;
  trusted_profile?: { id?: string; crn?: string; name?: string };
}

const PATHS = {
  v1: { token: '/instance_identity/v1/token', iamToken: '/instance_identity/v1/iam_token' },
  v2: { token: '/identity/v1/token', iamToken: '/identity/v1/iam_tokens' },
} as const;

export function createMetadata({ iam, ...options }: { iam: Iam } & Partial<MetadataSettings>) {
  const settings: MetadataSettings = { mode: 'both', defaultProfile: null, ...options };
  const instanceTokens = new Map<string, number>();
  const faults = createFaultSwitch(ANY_PATH);
  const requests: MetadataRequest[] = [];

  function issueInstanceToken({ expires_in: lifetime = 300 }: Wanted): Response {
    if (lifetime < 5 || lifetime > 3600) return refuse(400, 'bad_request', 'expires_in must be 5 to 3600');
    const token = randomText(240);
    instanceTokens.set(token, iam.now() + lifetime * 1000);
    tellSecret(token, 'the instance');
    return jsonResponse(200, tokenBody(token, iam.now(), lifetime));
  }

  function issueIamToken(request: Request, { trusted_profile: wanted }: Wanted): Response {
    const expires = instanceTokens.get(bearerToken(request) ?? '') ?? 0;
    if (expires <= iam.now())
      return refuse(401, 'not_authorized', 'The instance identity token is not valid.');
    const { directory, accessTokens } = iam.trusted;
    const profile = wanted ? findProfile(wanted, directory) : settings.defaultProfile;
    if (!profile) return refuse(404, 'not_found', 'The trusted profile could not be found.');
    const { token } = accessTokens.issue(profile, { grantType: 'urn:ibm:params:oauth:grant-type:cr-token' });
    return jsonResponse(200, tokenBody(token, iam.now(), iam.tokenLifetime));
  }

  function describe(request: Request): MetadataRequest {
    const { pathname, searchParams } = new URL(request.url);
    const headers = Object.fromEntries(request.headers);
    const token = bearerToken(request);
    if (token !== null)
      headers['authorization'] = `Bearer [${instanceTokens.has(token) ? 'instance' : 'unknown'}]`;
    const version = searchParams.get('version') ?? '';
    return { method: request.method, path: pathname, version, headers, body: '', status: null };
  }

  async function route(request: Request, text: string): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    const operation = operationOf(request.method, pathname, settings.mode);
    if (!operation) return refuse(404, 'not_found', 'Not found.');
    if (!searchParams.get('version'))
      return refuse(400, 'missing_field', 'The version parameter is missing.');
    const body: Wanted = JSON.parse(text || '{}');
    if (operation === 'iamToken') return issueIamToken(request, body);
    if (request.headers.get('metadata-flavor') !== 'ibm')
      return refuse(400, 'bad_request', 'Metadata-Flavor?');
    return issueInstanceToken(body);
  }

  async function handle(request: Request): Promise<Response> {
    const entry = describe(request);
    requests.push(entry);
    if (settings.mode === 'silent') return hang(request);
    entry.body = await request.text();
    const response = await answerWith(faults.take(entry.path), request, {
      normal: () => route(request, entry.body),
      refuse: () => refuse(400, 'bad_request', 'Bad request.'),
    });
    entry.status = response.status;
    return response;
  }

  const { failNext, setFault } = faults;
  /** Forgets faults and the log. */
  const reset = () => {
    faults.clearFaults();
    requests.length = 0;
  };
  return Object.assign(settings, { handle, requests, failNext, setFault, reset });
}

function operationOf(
  method: string,
  path: string,
  mode: MetadataSettings['mode'],
): 'token' | 'iamToken' | null {
  const served = mode === 'both' ? [PATHS.v1, PATHS.v2] : mode === 'silent' ? [] : [PATHS[mode]];
  if (method === 'PUT' && served.some(({ token }) => token === path)) return 'token';
  return method === 'POST' && served.some(({ iamToken }) => iamToken === path) ? 'iamToken' : null;
}

function tokenBody(access_token: string, now: number, lifetime: number) {
  const created_at = new Date(now).toISOString();
  return {
    access_token,
    created_at,
    expires_at: new Date(now + lifetime * 1000).toISOString(),
    expires_in: lifetime,
  };
}

/** The error container of IBM's VPC API. */
function refuse(status: number, code: string, message: string): Response {
  return jsonResponse(status, { errors: [{ code, message }], trace: randomText(32) });
}
