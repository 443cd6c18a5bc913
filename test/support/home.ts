import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A home of its own, with nothing of this machine's in the environment. */
export interface Home {
  folder: string;
  dataFolder: string;
  cacheFolder: string;
  env: Record<string, string>;
  /** Writes the settings file. */
  configure(settings: object): void;
  /** With everything in it. */
  remove(): void;
}

/** All that there are in this process. */
export const homes = new Set<string>();
const watchers: ((folder: string) => void)[] = [];

/** For whoever looks through each home before it goes (canary/setup.ts). */
export function beforeRemoval(look: (folder: string) => void): void {
  watchers.push(look);
}

/** In an empty folder that the caller removes, or the home does. */
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
    remove: () => {
      for (const look of watchers) look(folder);
      homes.delete(folder);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
