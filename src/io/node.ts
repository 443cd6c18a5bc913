import type { Io } from '../io.ts';

/** Not imported: where libc can be called, it is never needed on the way to an answer. */
const fs = () => process.getBuiltinModule('node:fs');

/** By way of node:fs, on every system. */
export const nodeIo: Io = {
  open: (path) => {
    const { O_RDONLY, O_NONBLOCK = 0 } = fs().constants;
    try {
      return fs().openSync(path, O_RDONLY | O_NONBLOCK);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'ENOTDIR') return null;
      throw error;
    }
  },
  read: (file, buffer) => fs().readSync(file, buffer, 0, buffer.length, null),
  write: (file, bytes) => fs().writeSync(file, bytes),
  close: (file) => fs().closeSync(file),
  status: (file) => fs().fstatSync(file),
  statusOf: (path) => {
    try {
      return fs().lstatSync(path);
    } catch {
      return null;
    }
  },
  list: (folder) => fs().readdirSync(folder),
};
