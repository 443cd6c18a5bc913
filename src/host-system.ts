import type { ProgramResult, RunOptions, System } from './system.ts';

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
    groups: () => process.getgroups?.() ?? [],
    accountHome,
    programPath: process.versions['bun'] ? process.execPath : (process.argv[1] ?? process.execPath),
    run,
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

async function run(program: string, args: readonly string[], options: RunOptions): Promise<ProgramResult> {
  const { execFile } = await import('node:child_process');
  const { env, timeoutMs } = options;
  return new Promise((resolve, reject) => {
    const child = execFile(
      program,
      args,
      { env, maxBuffer: 1024 * 1024, windowsHide: true },
      (error, stdout, stderr) => {
        clearTimeout(timer);
        process.off('exit', kill);
        // A number is how it ended, nothing is a signal, a word is why it did not come to an end.
        if (typeof error?.code === 'string') reject(error);
        else resolve({ exitCode: child.exitCode, stdout, stderr });
      },
    );
    const kill = () => void child.kill('SIGKILL');
    // Nobody waits for it any more, and the timer ends with this process.
    process.once('exit', kill);
    // Not execFile's own limit: that waits for whoever holds the other end of a pipe, children of the
    // program too.
    const timer = setTimeout(() => {
      kill();
      reject(Object.assign(new Error(`${program} took longer than ${timeoutMs} ms`), { code: 'ETIMEDOUT' }));
    }, timeoutMs);
    child.stdin?.end();
  });
}
