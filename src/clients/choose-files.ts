import { existsSync } from 'node:fs';
import { findProgram } from '../find-program.ts';
import type { System } from '../system.ts';
import { type Client, type ClientFile, findClientFiles } from './client-files.ts';
import { isWritable } from './file-text.ts';

/** They share a file. */
export const CONTAINERS_TOOLS: readonly string[] = ['podman', 'skopeo', 'buildah'];

export interface ChosenFiles {
  files: readonly ClientFile[];
  /** A file that its clients would use if it could be made. */
  outOfReach: ClientFile | null;
}

/**
 * The files of the clients that are named, or else of those that are there. Docker's is always one
 * of them: podman, skopeo and many others read it too.
 */
export function chooseFiles(clients: readonly Client[], system: System): ChosenFiles {
  const all = findClientFiles(system);
  // Some point REGISTRY_AUTH_FILE at docker's file.
  const isFirst = ({ path }: ClientFile, index: number, files: readonly ClientFile[]) =>
    files.findIndex((file) => file.path === path) === index;
  if (clients.length > 0) {
    return { files: all.filter(({ client }) => clients.includes(client)).filter(isFirst), outOfReach: null };
  }
  const present = all
    .filter(isFirst)
    .filter(({ client, path }) => client === 'docker' || existsSync(path) || hasTools(system));
  const outOfReach =
    present.find(
      ({ client, path }) => client !== 'docker' && !existsSync(path) && !isWritable(path, system),
    ) ?? null;
  return { files: present.filter((file) => file !== outOfReach), outOfReach };
}

function hasTools(system: System): boolean {
  return CONTAINERS_TOOLS.some((name) => findProgram(name, system) !== null);
}
