import type { FileStatus, Io } from '../io.ts';
import type { Libc } from '../libc.ts';

// The same on x86-64 and arm64: asm-generic/fcntl.h, linux/stat.h, asm-generic/errno-base.h, poll.h.
const O_NONBLOCK = 0o4000;
const O_CLOEXEC = 0o2000000;
const AT_FDCWD = -100;
const AT_SYMLINK_NOFOLLOW = 0x100;
const AT_EMPTY_PATH = 0x1000;
const STATX_BASIC_STATS = 0x7ff;
const ENOENT = 2;
const EINTR = 4;
const ENOTDIR = 20;
const POLLIN = 1;

const S_IFMT = 0o170000;
const S_IFREG = 0o100000;
const S_IFDIR = 0o040000;
const S_IFCHR = 0o020000;

/**
 * Straight to libc. Whatever fails is left to node:fs, which tries again and says what is wrong: only
 * "there is no such file" is an answer of every day.
 */
export function openLinuxIo(libc: Libc, slow: Io): Io {
  const statusOf = (folder: number, path: Uint8Array, flags: number): FileStatus | null => {
    const result = new Uint8Array(256);
    const failed = libc.statx(folder, path, flags, STATX_BASIC_STATS, result) !== 0;
    return failed ? null : parseStatx(result);
  };
  return {
    open: (path) => {
      const bytes = cString(path);
      if (bytes === null) return slow.open(path);
      const file = libc.open(bytes, O_NONBLOCK | O_CLOEXEC);
      if (file >= 0) return file;
      const errno = libc.errno();
      return errno === ENOENT || errno === ENOTDIR ? null : slow.open(path);
    },
    read: (file, buffer) => {
      const count = libc.read(file, buffer, buffer.length);
      return count >= 0 ? count : slow.read(file, buffer);
    },
    write: (file, bytes) => {
      const count = libc.write(file, bytes, bytes.length);
      return count >= 0 ? count : slow.write(file, bytes);
    },
    close: (file) => void libc.close(file),
    status: (file) => statusOf(file, EMPTY, AT_EMPTY_PATH) ?? slow.status(file),
    statusOf: (path) => {
      const bytes = cString(path);
      return bytes === null ? null : statusOf(AT_FDCWD, bytes, AT_SYMLINK_NOFOLLOW);
    },
    list: slow.list,
    awaitInput: (file, ms) => awaitInput(file, ms, libc),
  };
}

const EMPTY = new Uint8Array(1);

/** Null for a path that would end early. */
function cString(path: string): Uint8Array | null {
  return path.includes('\0') ? null : new TextEncoder().encode(`${path}\0`);
}

/** struct statx, statx(2). */
function parseStatx(result: Uint8Array): FileStatus {
  const view = new DataView(result.buffer);
  const mode = view.getUint16(28, true);
  const is = (type: number) => (mode & S_IFMT) === type;
  return {
    uid: view.getUint32(20, true),
    gid: view.getUint32(24, true),
    mode,
    isFile: () => is(S_IFREG),
    isDirectory: () => is(S_IFDIR),
    isCharacterDevice: () => is(S_IFCHR),
  };
}

/** struct pollfd, poll(2). An error and an end are for read() to tell. */
function awaitInput(file: number, ms: number, libc: Libc): boolean {
  const poll = new DataView(new ArrayBuffer(8));
  poll.setInt32(0, file, true);
  poll.setInt16(4, POLLIN, true);
  const end = performance.now() + ms;
  for (;;) {
    const left = Math.max(0, Math.ceil(end - performance.now()));
    const ready = libc.poll(new Uint8Array(poll.buffer), 1, left);
    // A signal that is none of our business, such as SIGCONT.
    if (ready >= 0 || libc.errno() !== EINTR) return ready !== 0;
  }
}
