import { readFileSync, statSync } from 'node:fs';
import { makePrivateFolder, readSmallFile, writePrivateFile } from './files.ts';
import type { RegistryHost } from './registry-host.ts';
import type { System } from './system.ts';

/**
 * Tells our own answer coming back from a login. A bare `docker login` asks us, shows the registry
 * what we said, and stores what the registry made of it: that is no new credential. A login with
 * a typed password stores without having asked. So `get` leaves a note of who asked, if that is a
 * login, and `store` looks whether it is called by the same process.
 */
export interface RoundTrips {
  noteAnswer(host: RegistryHost): void;
  /** Whether the process that calls us now has had our answer for this host. */
  isReturn(host: RegistryHost): boolean;
}

export function createRoundTrips(system: System, folder: () => string): RoundTrips {
  const file = (host: RegistryHost) => `${folder()}/asked-${host.name}`;
  return {
    noteAnswer: (host) => {
      if (!isLogin(system.ppid)) return;
      try {
        makePrivateFolder(folder(), system);
        writePrivateFile(file(host), callerOf(system));
      } catch {
        // Without a note a returning answer counts as a login: it is kept, but answers last.
      }
    },
    isReturn: (host) => {
      try {
        const note = readSmallFile(file(host));
        return (
          note !== null && isRecent(file(host), system) && new TextDecoder().decode(note) === callerOf(system)
        );
      } catch {
        return false;
      }
    },
  };
}

/** Where process ids are all there is to go by, they come again. */
const RECENT_MS = 5 * 60_000;

function isRecent(path: string, system: System): boolean {
  return Math.abs(system.now() - statSync(path).mtimeMs) < RECENT_MS;
}

/** Off Linux nobody tells: every answer is noted. */
function isLogin(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes('login');
  } catch {
    return true;
  }
}

/** The calling process: its id and, since ids come again, when it began. */
function callerOf({ ppid }: System): string {
  return `${ppid} ${startTime(ppid)}`;
}

/** Field 22 of /proc/PID/stat, clock ticks since boot (proc(5)); '' where there is no /proc. */
function startTime(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field, the program's name in parentheses, may hold anything.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}
