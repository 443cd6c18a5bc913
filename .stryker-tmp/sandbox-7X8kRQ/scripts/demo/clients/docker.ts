import { existsSync, readFileSync } from 'node:fs';
import { type Dockerd, startDockerd } from '../../../test/support/dockerd.ts';
import type { Demo } from '../demo.ts';
import { verify } from '../failure.ts';
import type { Client } from './client.ts';
import { createStorageClient } from './storage-client.ts';

/** Docker with a daemon of its own, or null where none can be run: never with the machine's. */
export async function startDocker({ cloud, home }: Demo): Promise<Client | null> {
  if (!isRealRoot() || !existsSync('/usr/sbin/dockerd')) return null;
  const daemon = await startDockerd(cloud.caFile).catch((): Dockerd | null => null);
  if (!daemon) return null;
  home.env['DOCKER_HOST'] = daemon.host;
  return { ...createStorageClient('docker'), stop: daemon.stop };
}

/** All that docker can do without a daemon, which includes asking the helper; false if not even that. */
export async function inspectWithDocker({ say, shell }: Demo, reference: string): Promise<boolean> {
  const { code, stdout, stderr } = await shell.attempt('docker', ['manifest', 'inspect', reference]);
  if (code === 0) {
    verify(/sha256:[0-9a-f]{64}/.test(stdout), 'docker manifest inspect showed no manifest');
    return true;
  }
  // Docker 20.10 reads images in Docker's format only.
  const tooOld = stderr.includes('unsupported manifest media type');
  verify(tooOld, `docker manifest inspect failed: ${stderr.trim()}`);
  say.explain('This docker is too old for images in OCI format: left out.');
  return false;
}

/** As against root of a user namespace, for whom the daemon does not start. */
function isRealRoot(): boolean {
  const everybody = /^\s*0\s+0\s+4294967295\s*$/;
  return process.geteuid?.() === 0 && everybody.test(readFileSync('/proc/self/uid_map', 'utf8'));
}
