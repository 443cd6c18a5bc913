import { closeSync, openSync, writeSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import { HelperError } from '../errors.ts';
import { Interrupted } from './terminal.ts';

const ENTER = ['\r', '\n'];
const CTRL_C = '\u0003';
const CTRL_D = '\u0004';
const CTRL_U = '\u0015';
const ERASE = ['\u007f', '\b'];

/** Where the person sits, also when stdin and stdout are pipes. */
const TERMINAL = process.platform === 'win32' ? '\\\\.\\CON' : '/dev/tty';

/**
 * The terminal, opened once: a second reader would race with the read of the first one, which is
 * still under way when its question is answered.
 */
interface OpenTerminal {
  file: number;
  input: ReadStream;
  /** Typed ahead, for the next question. */
  pending: string;
}

let shared: OpenTerminal | null = null;

export interface AskOptions {
  /** Whether what is typed is shown; otherwise nothing is. */
  echo: boolean;
  /** What to do where there is no terminal. */
  otherwise?: string;
}

/**
 * Asks for one line at the terminal. Ctrl-C, and Ctrl-D on an empty line, throw Interrupted; no terminal is `bad-input`.
 */
export async function askAtTerminal(question: string, { echo, otherwise }: AskOptions): Promise<string> {
  shared ??= { file: open(otherwise), input: new ReadStream(open(otherwise)), pending: '' };
  const terminal = shared;
  terminal.input.setRawMode(true);
  writeSync(terminal.file, question);
  try {
    return await readLine(terminal, (text) => {
      if (echo) writeSync(terminal.file, text);
    });
  } finally {
    terminal.input.setRawMode(false);
    terminal.input.pause();
    writeSync(terminal.file, '\n');
  }
}

function open(otherwise: string | undefined): number {
  try {
    return openSync(TERMINAL, 'r+');
  } catch {
    const details = otherwise === undefined ? {} : { hint: otherwise };
    throw new HelperError('bad-input', 'there is no terminal to ask at', details);
  }
}

/** Whether somebody can be asked. */
export function hasTerminal(): boolean {
  try {
    closeSync(openSync(TERMINAL, 'r+'));
    return true;
  } catch {
    return false;
  }
}

function readLine(terminal: OpenTerminal, show: (text: string) => void): Promise<string> {
  const { input } = terminal;
  let line = '';
  return new Promise((resolve, reject) => {
    const take = (chunk: Buffer | string) => {
      const keys = [...(terminal.pending + chunk.toString())];
      for (const [index, key] of keys.entries()) {
        const isEnd = ENTER.includes(key) || key === CTRL_C || (key === CTRL_D && line === '');
        if (isEnd) {
          terminal.pending = keys.slice(index + 1).join('');
          input.off('data', take);
          if (ENTER.includes(key)) resolve(line);
          else reject(new Interrupted());
          return;
        }
        line = edited(line, key, show);
      }
      terminal.pending = '';
    };
    input.once('error', reject);
    input.on('data', take);
    input.resume();
    if (terminal.pending !== '') take('');
  });
}

/** The line after one more key. */
function edited(line: string, key: string, show: (text: string) => void): string {
  if (key === CTRL_U) return '';
  if (ERASE.includes(key)) {
    if (line !== '') show('\b \b');
    return line.slice(0, -1);
  }
  if (/\p{Cc}/u.test(key)) return line;
  show(key);
  return line + key;
}
