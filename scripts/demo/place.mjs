// Where the demonstration can take place: with real clients and real names inside a namespace, or
// with a registry client of its own on loopback.
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { bunPath } from '../bun.mjs';
import { root } from '../install.mjs';

const CLIENTS = ['skopeo', 'podman', 'docker'];

/**
 * @typedef {object} Place
 * @property {string[]} wrapper what starts the rest: nothing on loopback
 * @property {string[]} clients real clients to show, by name
 * @property {string} reason why there are none; empty if there are
 */

/** @param {string} folder has to be visible in the namespace @returns {Place} */
export function findPlace(folder) {
  const present = wantedClients().filter(isOnPath);
  if (present.length === 0) return onLoopback(`none of ${CLIENTS.join(', ')} is to be used or installed`);
  const { wrapper, problem } = findNamespace(folder);
  return problem
    ? onLoopback(`no network namespace can be had here (${problem})`)
    : { wrapper, clients: present, reason: '' };
}

/**
 * What starts a program where the names of IBM Cloud are ours, or why there is no such place.
 * @param {string} folder has to be visible there
 * @returns {{ wrapper: string[], problem: string }} one of them is empty
 */
export function findNamespace(folder) {
  if (process.platform !== 'linux') return { wrapper: [], problem: 'it needs Linux' };
  const wrapper = ['sh', join(root, 'scripts/namespace.sh')];
  // Some of the namespace's folders are empty ones: what we need must not lie beneath them.
  const trial = [...wrapper, 'test', '-w', folder, '-a', '-x', bunPath()];
  const { status, stderr, error } = spawnSync(trial[0] ?? '', trial.slice(1), {
    env: { ...process.env, PATH: searchPath(), TMPDIR: folder },
    encoding: 'utf8',
    timeout: 10_000,
  });
  if (status === 0) return { wrapper, problem: '' };
  const said = error?.message ?? stderr.trim().split('\n').at(-1);
  return { wrapper: [], problem: said || `status ${status}` };
}

/** The user's own, and where the tools for namespaces lie. */
export function searchPath() {
  const own = process.env['PATH'] ?? '';
  return process.platform === 'linux' ? `${own}:/usr/sbin:/sbin` : own;
}

/** ICR_DEMO_CLIENTS=skopeo,podman leaves docker out, ICR_DEMO_CLIENTS=none all of them. */
function wantedClients() {
  const wanted = process.env['ICR_DEMO_CLIENTS'];
  return wanted ? CLIENTS.filter((name) => wanted.split(',').includes(name)) : CLIENTS;
}

/** @param {string} reason @returns {Place} */
function onLoopback(reason) {
  return { wrapper: [], clients: [], reason };
}

/** @param {string} name */
function isOnPath(name) {
  return searchPath()
    .split(delimiter)
    .some((folder) => {
      try {
        accessSync(join(folder, name), constants.X_OK);
        return folder !== '';
      } catch {
        return false;
      }
    });
}
