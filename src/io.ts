import { openLinuxIo } from './io/linux.ts';
import { nodeIo } from './io/node.ts';
import { libc } from './libc.ts';

/** What is asked of a file before it is trusted; as node:fs has it. */
export interface FileStatus {
  uid: number;
  gid: number;
  /** Permissions, and in the upper bits the type. */
  mode: number;
  isFile(): boolean;
  isDirectory(): boolean;
  isCharacterDevice(): boolean;
}

/**
 * The few calls that a `get` makes of the system's files. What fails throws as node:fs does, with
 * `code` and `path`.
 */
export interface Io {
  /** A descriptor to read from, not waiting for somebody to write into a pipe of this name; null if there is no such file. */
  open(path: string): number | null;
  /** How many bytes came; 0 at the end. */
  read(file: number, buffer: Uint8Array): number;
  /** How many bytes went. */
  write(file: number, bytes: Uint8Array): number;
  close(file: number): void;
  status(file: number): FileStatus;
  /** Of the path itself, not of what a link there leads to; null if it cannot be told. */
  statusOf(path: string): FileStatus | null;
  /** Names in a folder. */
  list(folder: string): string[];
  /** Waits until a file has something to read or is at its end; false after so many milliseconds. Absent where only a thread can. */
  awaitInput?(file: number, ms: number): boolean;
}

export const io: Io = libc ? openLinuxIo(libc, nodeIo) : nodeIo;
