import { tmpdir } from 'node:os';
import { onTestFinished } from 'vitest';

/** Puts another open file in the place of this process's standard input. */

type Fs = typeof import('node:fs');

/** Not imported: the mock of node:fs is made from this file. */
let fs: Fs;
let stand = 0;
/** Beyond what a process may open: one that was open before could be another's by now. */
const NO_FILE = 2 ** 30;

/** For vi.mock('node:fs'). */
export function interceptStdin(original: Fs): Fs {
  fs = original;
  // The way that the executable reads: it has a descriptor, which can be another's.
  Object.assign(globalThis, { Bun: {} });
  const placed = (file: number) => (file === 0 ? stand : file);
  const read = (file: number, ...args: unknown[]) =>
    (fs.read as (...all: unknown[]) => void)(placed(file), ...args);
  const fstatSync = (file: number) => fs.fstatSync(placed(file));
  return { ...fs, read, fstatSync } as unknown as Fs;
}

/** Until the test ends. */
export function readFrom(path: string, flags: string | number = 'r'): void {
  const file = fs.openSync(path, flags);
  stand = file;
  onTestFinished(() => {
    stand = 0;
    fs.closeSync(file);
  });
}

/** All that comes in, and then the end. */
export function readInput(content: string | Uint8Array): void {
  const folder = fs.mkdtempSync(`${tmpdir()}/icr-stdin-`);
  onTestFinished(() => fs.rmSync(folder, { recursive: true }));
  fs.writeFileSync(`${folder}/input`, content);
  readFrom(`${folder}/input`);
}

/** As in a process that was started with its standard input closed. */
export function closeInput(): void {
  stand = NO_FILE;
  onTestFinished(() => {
    stand = 0;
  });
}
