interface Ffi {
  dlopen(
    library: string,
    functions: { prctl: { args: string[]; returns: string } },
  ): { symbols: { prctl(...args: (number | bigint)[]): number } };
}

/** prctl(2), linux/prctl.h. */
const PR_SET_DUMPABLE = 4;

/**
 * Linux: from here on no core dump of this process, and its /proc/PID/environ and mem are root's.
 * By way of Bun, since Node has no prctl. Where it cannot be, nothing else depends on it.
 */
export async function forbidDumps(): Promise<void> {
  if (process.platform !== 'linux' || !process.versions['bun']) return;
  try {
    // @ts-expect-error known to Bun only, whose types would change those of Node
    const { dlopen }: Ffi = await import('bun:ffi');
    // musl takes this name for itself, too.
    const { symbols } = dlopen('libc.so.6', {
      prctl: { args: ['i32', 'u64', 'u64', 'u64', 'u64'], returns: 'i32' },
    });
    symbols.prctl(PR_SET_DUMPABLE, 0n, 0n, 0n, 0n);
  } catch {
    // No libc of this name, or no memory that may be executed.
  }
}
