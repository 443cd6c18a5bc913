import { childEnvironment } from '../child-environment.ts';
import { findProgram } from '../find-program.ts';
import type { ProgramResult, System } from '../system.ts';

/** Where IBM's installers put it. */
const USUAL_FOLDERS = {
  posix: ['/usr/local/bin', '/usr/local/ibmcloud/bin', '/opt/homebrew/bin'],
  win32: ['C:\\Program Files\\IBM\\Cloud\\bin'],
};

/** The CLI's absolute path, or null. */
export function findCli(system: System): string | null {
  return findProgram('ibmcloud', system, USUAL_FOLDERS[system.platform === 'win32' ? 'win32' : 'posix']);
}

const DEADLINE_MS = 10_000;

/** What the CLI needs besides. API keys are none of it. */
const PASSED_ON = [
  ...['IBMCLOUD_HOME', 'BLUEMIX_HOME', 'SSL_CERT_FILE', 'SSL_CERT_DIR'],
  ...['HTTPS_PROXY', 'HTTP_PROXY', 'ALL_PROXY', 'NO_PROXY'],
  ...['https_proxy', 'http_proxy', 'all_proxy', 'no_proxy'],
];

/** Answers and no chatter (IBM docs: "IBM Cloud CLI environment variables"); no trace of its requests. */
const QUIET = {
  IBMCLOUD_COLOR: 'false',
  IBMCLOUD_VERSION_CHECK: 'false',
  IBMCLOUD_ANALYTICS: 'false',
  IBMCLOUD_TRACE: 'false',
  // Seconds. It gives up by itself before it is killed: a renewal that it cannot write down any more
  // would end its session.
  IBMCLOUD_HTTP_TIMEOUT: '8',
};

/** An access token by way of the CLI, which renews it where it has to; or in words why there is none. */
export async function askCli(
  program: string,
  folder: string,
  system: System,
): Promise<{ accessToken: string } | { problem: string }> {
  let result: ProgramResult;
  try {
    result = await system.run(program, ['iam', 'oauth-tokens', '--output', 'json'], {
      env: environmentFor(folder, system.env),
      timeoutMs: DEADLINE_MS,
    });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ETIMEDOUT') return { problem: `gave no answer within ${DEADLINE_MS / 1000} s` };
    return { problem: `cannot be run (${code ?? 'for an unknown reason'})` };
  }
  // What it prints is not quoted: it may hold tokens.
  if (result.exitCode !== 0) return { problem: `failed (${result.exitCode ?? 'ended by a signal'})` };
  const accessToken = parseOauthTokens(result.stdout);
  return accessToken === null ? { problem: 'printed no token' } : { accessToken };
}

/** Exported for its test. */
export function environmentFor(folder: string, env: System['env']): Record<string, string> {
  // The folder that we read, whatever made it this one.
  return { ...childEnvironment(PASSED_ON, env), ...QUIET, IBMCLOUD_CONFIG_HOME: folder };
}

/** `{"iam_token": "Bearer eyJ…"}`, whatever is printed around it. */
export function parseOauthTokens(stdout: string): string | null {
  const match = /"iam_token"\s*:\s*"(?:Bearer +)?([\w-]+\.[\w-]+\.[\w-]+)"/i.exec(stdout);
  return match?.[1] ?? null;
}
