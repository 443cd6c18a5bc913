import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDaemon } from './processes.ts';

export interface Dockerd {
  /** For DOCKER_HOST. */
  host: string;
  stop(): Promise<void>;
}

/** Debian's docker daemon, with everything of its own and no network of containers. */
export async function startDockerd(caFile: string): Promise<Dockerd> {
  const folder = mkdtempSync(join(tmpdir(), 'icr-dockerd-'));
  const path = (name: string) => join(folder, name);
  mkdirSync(path('exec'));
  writeFileSync(path('config.json'), '{}');
  const flags = ['iptables', 'ip6tables', 'ip-masq', 'ip-forward', 'userland-proxy'].map(
    (name) => `--${name}=false`,
  );
  const places = ['--data-root', path('data'), '--exec-root', path('exec'), '--pidfile', path('pid')];
  const socket = `unix://${path('docker.sock')}`;
  const daemon = await startDaemon(
    '/usr/sbin/dockerd',
    [
      '-H',
      socket,
      ...places,
      '--config-file',
      path('config.json'),
      '--storage-driver',
      'vfs',
      '--bridge=none',
      ...flags,
    ],
    {
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', SSL_CERT_FILE: caFile, HOME: folder },
      logFile: path('log'),
      isReady: () => existsSync(path('docker.sock')),
    },
  );
  return {
    host: socket,
    stop: async () => {
      await daemon.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Debian's client and, where one is installed, a newer one beside it. */
export const DOCKER_CLIENTS = ['/usr/bin/docker', '/usr/local/bin/docker'].filter((path) => existsSync(path));
