import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A home of its own, with nothing of this machine's in the environment. */
export interface Home {
  folder: string;
  dataFolder: string;
  cacheFolder: string;
  env: Record<string, string>;
  /** Writes the settings file. */
  configure(settings: object): void;
}

/** The folders of all that this process has made: what turns up in them is watched (canary/setup.ts). */
export const homes = new Set<string>();

/** In an empty folder that the caller cleans up. */
export function makeHomeIn(folder: string, env: Record<string, string> = {}): Home {
  const runtime = join(folder, 'run');
  mkdirSync(runtime, { mode: 0o700 });
  homes.add(folder);
  return {
    folder,
    dataFolder: join(folder, '.local/share/docker-credential-icr'),
    cacheFolder: join(runtime, 'docker-credential-icr'),
    env: { HOME: folder, XDG_RUNTIME_DIR: runtime, PATH: '/usr/bin:/bin', ...env },
    configure: (settings) => {
      const config = join(folder, '.config/docker-credential-icr');
      mkdirSync(config, { recursive: true });
      writeFileSync(join(config, 'settings.json'), JSON.stringify(settings));
    },
  };
}
