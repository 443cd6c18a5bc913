import type { System } from './system.ts';

/** The real outside world; `warn` takes what is to be said to the person. */
export function createHostSystem(warn: (line: string) => void): System {
  return {
    env: process.env,
    platform: process.platform,
    pid: process.pid,
    ppid: process.ppid,
    euid: process.geteuid?.() ?? -1,
    startedAt: performance.timeOrigin,
    now: Date.now,
    accountHome,
    programPath: process.versions['bun'] ? process.execPath : (process.argv[1] ?? process.execPath),
    warn,
  };
}

/** Loaded only where HOME is missing. */
function accountHome(): string | null {
  try {
    return process.getBuiltinModule('node:os').userInfo().homedir || null;
  } catch {
    return null;
  }
}
