import { placeBuiltinFs } from './builtin-fs.ts';

/** Puts a hook before each file system call, to stop a contender exactly there. */

type Fs = typeof import('node:fs');

const HOOKED = [
  'closeSync',
  'linkSync',
  'openSync',
  'readSync',
  'readdirSync',
  'renameSync',
  'statSync',
  'unlinkSync',
  'writeSync',
] as const;

let hook: ((call: string) => void) | null = null;

/** For vi.mock('node:fs'). */
export function interceptFs(fs: Fs): Fs {
  const wrapped: Partial<Record<keyof Fs, unknown>> = { ...fs };
  for (const name of HOOKED) {
    const original = fs[name] as (...args: unknown[]) => unknown;
    wrapped[name] = (...args: unknown[]) => {
      hook?.(name);
      return original(...args);
    };
  }
  return placeBuiltinFs(wrapped as unknown as Fs);
}

/** Runs `work` with `before` called ahead of each file system call; not during the hook itself. */
export async function withFsHook<T>(before: (call: string) => void, work: () => T | Promise<T>): Promise<T> {
  const guarded = (call: string) => {
    hook = null;
    try {
      before(call);
    } finally {
      hook = guarded;
    }
  };
  hook = guarded;
  try {
    return await work();
  } finally {
    hook = null;
  }
}

/** The error that a file system gives, as node:fs throws it. */
export function fsError(code: string, syscall: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: ${syscall}`), { code, syscall });
}
