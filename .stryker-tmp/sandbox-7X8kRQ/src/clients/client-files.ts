import { posix, win32 } from 'node:path';
import { HelperError } from '../errors.ts';
import type { System } from '../system.ts';

/** Docker and what reads its file; or podman, skopeo and buildah. */
export const CLIENTS = ['docker', 'containers'] as const;
export type Client = (typeof CLIENTS)[number];

export interface ClientFile {
  client: Client;
  path: string;
  /** The variable that put it there; null for the usual place. */
  variable: string | null;
  /** In memory, gone at logout. */
  isTemporary: boolean;
}

/** Where each client looks: docker's CLI, and containers-auth.json(5). */
export function findClientFiles(system: System): ClientFile[] {
  return [dockerFile(system), containersFile(system)];
}

function dockerFile(system: System): ClientFile {
  const { join } = pathsOf(system);
  const folder = system.env['DOCKER_CONFIG'];
  return {
    client: 'docker',
    path: join(folder || join(home(system), '.docker'), 'config.json'),
    variable: folder ? 'DOCKER_CONFIG' : null,
    isTemporary: false,
  };
}

function containersFile(system: System): ClientFile {
  const { join } = pathsOf(system);
  const file = system.env['REGISTRY_AUTH_FILE'];
  const client = 'containers';
  if (file) return { client, path: file, variable: 'REGISTRY_AUTH_FILE', isTemporary: false };
  if (system.platform === 'win32' || system.platform === 'darwin') {
    const path = join(home(system), '.config', 'containers', 'auth.json');
    return { client, path, variable: null, isTemporary: false };
  }
  const runtime = system.env['XDG_RUNTIME_DIR'];
  const path = runtime
    ? join(runtime, 'containers', 'auth.json')
    : `/run/containers/${system.euid}/auth.json`;
  return { client, path, variable: null, isTemporary: true };
}

export function pathsOf({ platform }: System) {
  return platform === 'win32' ? win32 : posix;
}

function home(system: System): string {
  const variable = system.platform === 'win32' ? 'USERPROFILE' : 'HOME';
  const folder = system.env[variable] || system.accountHome();
  if (folder) return folder;
  throw new HelperError('bad-input', `${variable} is not set`, {
    hint: `set ${variable} to the home directory of the user that runs the clients`,
  });
}
