import type { System } from '../../src/system.ts';

/** The outside world for unit tests: this process, but with an environment of its own. */
export function testSystem(changes: Partial<System> = {}): System {
  return {
    env: {},
    platform: 'linux',
    pid: process.pid,
    ppid: process.ppid,
    euid: process.geteuid?.() ?? -1,
    startedAt: Date.now(),
    now: Date.now,
    groups: () => [],
    accountHome: () => null,
    programPath: process.execPath,
    run: async () => {
      throw new Error('no other program here');
    },
    warn: () => {},
    ...changes,
  };
}
