import type { CredentialHelper } from '../protocol/helper.ts';
import type { ClientFile } from './client-files.ts';
import type { ReportedLogin } from './inspect.ts';

/** A login in clear text and where it was found. */
export interface FoundLogin {
  file: ClientFile;
  login: ReportedLogin;
}

export interface MoveOptions {
  helper: CredentialHelper;
  /** What the helper holds for a host, as far as it can be compared. */
  holds(host: string): Promise<{ username: string; secret: string } | 'nothing'>;
  /** Says why one stays where it is. */
  warn(line: string): void;
}

/** Puts logins into the helper; returns those that it now holds, which may leave their file. */
export async function moveLogins(found: readonly FoundLogin[], options: MoveOptions): Promise<FoundLogin[]> {
  const moved: FoundLogin[] = [];
  // The host's own name is what clients use; other spellings follow it.
  const ordered = found.toSorted((a, b) => Number(isExact(b)) - Number(isExact(a)));
  for (const one of ordered) {
    try {
      if (await moveLogin(one.login, options)) moved.push(one);
      else options.warn(`${describeLogin(one)} stays: ${reasonToStay(one.login)}`);
    } catch (error) {
      options.warn(`${describeLogin(one)} stays: ${(error as Error).message}`);
    }
  }
  return moved;
}

/** Whether the helper could take it at all. */
export function canMove({ login: { credentials, coversHost } }: FoundLogin): boolean {
  return credentials !== null && coversHost;
}

function isExact({ login }: FoundLogin): boolean {
  return login.key === login.host;
}

/** False where the helper has, or would have, another login for the host. */
async function moveLogin(
  { host, coversHost, credentials }: ReportedLogin,
  options: MoveOptions,
): Promise<boolean> {
  if (!credentials || !coversHost) return false;
  const held = await options.holds(host);
  if (held === 'nothing') {
    await options.helper.store({ serverURL: host, ...credentials });
    return true;
  }
  return held.username === credentials.username && held.secret === credentials.secret.reveal();
}

function reasonToStay({ credentials, coversHost, host }: ReportedLogin): string {
  if (!credentials) return 'it is of a kind that cannot be moved';
  if (!coversHost) return 'it is for a namespace only';
  return `the helper holds another login for ${host} (remove the one you do not need by hand)`;
}

export function describeLogin({ file, login }: FoundLogin): string {
  return `the login for ${login.key} in ${file.path}`;
}
