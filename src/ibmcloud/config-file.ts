import { readSmallFile } from '../read-file.ts';

/** What a login left in the ibmcloud CLI's config.json (IBM-Cloud/ibm-cloud-cli-sdk, core_config). */
export interface CliLogin {
  /** Without the word Bearer; '' for none. */
  accessToken: string;
  /** Changes with every renewal and every login. Holds secrets: to be compared, never to be shown or sent. */
  fingerprint: string;
  /** The IAM that the CLI asks: a private one where it was told to use private endpoints. */
  endpoint: string;
}

export type CliConfig =
  | { state: 'missing' | 'logged out' }
  /** `reason` is for doctor: it quotes nothing of the file. */
  | { state: 'damaged'; reason: string }
  | { state: 'logged in'; login: CliLogin };

/** The CLI writes in place: for a moment its file is empty, or breaks off. */
const TRIES = 5;
const PAUSE_MS = 10;

/** Reads, and nothing else: the CLI locks and rewrites its file itself. Never throws. */
export async function readCliConfig(path: string): Promise<CliConfig> {
  for (let tries = 1; ; tries++) {
    const config = readOnce(path);
    if (config.state !== 'damaged' || tries === TRIES) return config;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

function readOnce(path: string): CliConfig {
  let content: Uint8Array | null;
  try {
    content = readSmallFile(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return { state: 'damaged', reason: `cannot be read (${code ?? message})` };
  }
  return content === null ? { state: 'missing' } : parseCliConfig(new TextDecoder().decode(content), path);
}

/** The path is part of the fingerprint. */
export function parseCliConfig(text: string, path: string): CliConfig {
  let config: unknown;
  try {
    config = JSON.parse(text);
  } catch {
    return { state: 'damaged', reason: 'is not JSON' };
  }
  if (typeof config !== 'object' || config === null)
    return { state: 'damaged', reason: 'is not a JSON object' };
  const fields = config as Record<string, unknown>;
  const accessToken = textOf(fields['IAMToken']).replace(/^Bearer +/i, '');
  const refreshToken = textOf(fields['IAMRefreshToken']);
  if (accessToken === '' && refreshToken === '') return { state: 'logged out' };
  const account = textOf((fields['Account'] as Record<string, unknown> | null | undefined)?.['GUID']);
  const fingerprint = JSON.stringify([path, account, refreshToken || accessToken]);
  return { state: 'logged in', login: { accessToken, fingerprint, endpoint: endpointOf(fields) } };
}

/** The same choice that the CLI makes. `SSLDisabled` counts for nothing here. */
function endpointOf(fields: Record<string, unknown>): string {
  const fromVpc = fields['IsAccessFromVPC'] === true && textOf(fields['IAMPrivateVPCEndpoint']);
  const fromPrivate = fields['IsPrivate'] === true && (fromVpc || textOf(fields['IAMPrivateEndpoint']));
  return fromPrivate || textOf(fields['IAMEndpoint']);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
