import { readProcessStat } from './process-stat.ts';
import { readSmallFile, textOf } from './read-file.ts';
import type { RegistryHost } from './registry-host.ts';
import type { System } from './system.ts';

/**
 * Tells our own answer coming back from a login. A bare `docker login` asks us, shows the registry
 * what we said, and stores what the registry made of it: that is no new credential. A login with
 * a typed password stores without having asked. So `get` leaves a note of who asked, if that is a
 * login, and `store` looks whether it is called by the same process.
 */
export interface RoundTrips {
  noteAnswer(host: RegistryHost): Promise<void>;
  /** Whether the process that calls us now has had our answer for this host. */
  isReturn(host: RegistryHost): Promise<boolean>;
}

export function createRoundTrips(system: System, folder: () => string): RoundTrips {
  const file = (host: RegistryHost) => `${folder()}/asked-${host.name}`;
  return {
    noteAnswer: async (host) => {
      if (!isLogin(system.ppid)) return;
      try {
        const { makePrivateFolder, writePrivateFile } = await import('./files.ts');
        makePrivateFolder(folder(), system);
        writePrivateFile(file(host), callerOf(system));
      } catch {
        // Without a note a returning answer counts as a login: it is kept, but answers last.
      }
    },
    isReturn: async (host) => {
      try {
        const note = readSmallFile(file(host));
        return note !== null && textOf(note) === callerOf(system) && (await isRecent(file(host), system));
      } catch {
        return false;
      }
    },
  };
}

/** Where process ids are all there is to go by, they come again. */
const RECENT_MS = 5 * 60_000;

async function isRecent(path: string, system: System): Promise<boolean> {
  const { statSync } = await import('node:fs');
  return Math.abs(system.now() - statSync(path).mtimeMs) < RECENT_MS;
}

/** Off Linux nobody tells: every answer is noted. */
function isLogin(pid: number): boolean {
  try {
    const arguments_ = readSmallFile(`/proc/${pid}/cmdline`);
    return arguments_ === null || textOf(arguments_).split('\0').includes('login');
  } catch {
    return true;
  }
}

/** The calling process: its id and, since ids come again, when it began; '' where nobody tells. */
function callerOf({ ppid }: System): string {
  return `${ppid} ${readProcessStat(ppid)?.start ?? ''}`;
}
