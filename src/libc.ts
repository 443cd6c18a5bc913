/** Types of arguments and results, as Bun numbers them (bun:ffi, FFIType). */
const INT = 5;
const UNSIGNED = 6;
const SIZE = 8;
const POINTER = 12;

/** The calls of libc that we make. All are in glibc 2.28 and musl 1.1.24. */
const FUNCTIONS = {
  open: { args: [POINTER, INT], returns: INT },
  // What is asked for fits into 31 bits, and so does what comes.
  read: { args: [INT, POINTER, SIZE], returns: INT },
  write: { args: [INT, POINTER, SIZE], returns: INT },
  close: { args: [INT], returns: INT },
  statx: { args: [INT, POINTER, INT, UNSIGNED, POINTER], returns: INT },
  poll: { args: [POINTER, SIZE, INT], returns: INT },
  prctl: { args: [INT, SIZE, SIZE, SIZE, SIZE], returns: INT },
  __errno_location: { args: [], returns: POINTER },
} as const;

export interface Libc {
  open(path: Uint8Array, flags: number): number;
  read(file: number, buffer: Uint8Array, size: number): number;
  write(file: number, bytes: Uint8Array, size: number): number;
  close(file: number): number;
  statx(folder: number, path: Uint8Array, flags: number, mask: number, result: Uint8Array): number;
  poll(files: Uint8Array, count: number, ms: number): number;
  prctl(option: number, ...args: [number, number, number, number]): number;
  /** Why the last call failed, errno(3). */
  errno(): number;
}

/** What the module bun:ffi is made of, which takes longer to load than all these calls. */
interface Ffi {
  dlopen(library: string, functions: Functions): { symbols: unknown };
  read: { i32(address: number, offset: number): number };
}

type Functions = Readonly<Record<string, { args: readonly number[]; returns: number }>>;
type Symbols = Omit<Libc, 'errno'> & { __errno_location(): number };

/**
 * Linux's C library, called without a detour: loading node:fs takes longer than a whole `get` from
 * the cache may (docs/decisions/0007-libc.md). Null where it cannot be: another system, Node, no memory
 * that may be executed, a libc without one of these.
 */
export const libc: Libc | null = openLibc();

function openLibc(): Libc | null {
  const symbols = bindLibc<Symbols>(FUNCTIONS);
  return symbols && { ...symbols, errno: () => ffi()?.read.i32(symbols.__errno_location(), 0) ?? 0 };
}

/** Further functions of it; null as above. */
export function bindLibc<T>(functions: Functions): T | null {
  if (process.platform !== 'linux') return null;
  try {
    // musl takes this name for itself, too.
    return (ffi()?.dlopen('libc.so.6', functions).symbols as T | undefined) ?? null;
  } catch {
    return null;
  }
}

function ffi(): Ffi | undefined {
  return (globalThis as { Bun?: { FFI?: Ffi } }).Bun?.FFI;
}
