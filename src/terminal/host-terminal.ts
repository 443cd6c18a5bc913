import { isatty } from 'node:tty';
import { oneLine, printable } from '../one-line.ts';
import { readStdin } from '../protocol/stdin.ts';
import { write } from '../write.ts';
import { openBrowser } from './browser.ts';
import { askAtTerminal, hasTerminal } from './prompt.ts';
import { createStyle } from './style.ts';
import type { Terminal } from './terminal.ts';

/** Shorter waits need no explanation. */
const PROGRESS_AFTER_MS = 500;

export function createHostTerminal(env: Readonly<Record<string, string | undefined>>): Terminal {
  const say = (text: string) => write(2, text);
  const style = createStyle(isatty(1) && isatty(2), env);
  const isInteractive = isatty(2) && !env['CI'] && hasTerminal();
  return {
    style,
    showsResults: isatty(1),
    isInteractive,
    print: (line) => write(1, `${printable(line)}\n`),
    note: (line) => say(`${printable(line)}\n`),
    warn: (line) => say(`${style.attention('warning:')} ${oneLine(line)}\n`),
    askHidden: (question, otherwise) => askAtTerminal(question, { echo: false, otherwise }),
    confirm: async (question) => {
      if (!isInteractive) return false;
      const answer = await askAtTerminal(`${oneLine(question)} [Y/n] `, { echo: true });
      return /^(?:y|yes)?$/i.test(answer.trim());
    },
    openBrowser: (page) => openBrowser(page, { env, platform: process.platform }),
    readInput: (expected) => readStdin(expected, { hint: 'pipe it in' }),
    progress: (label, work) => showProgress(label, work, isatty(2), say),
  };
}

async function showProgress<T>(
  label: string,
  work: Promise<T>,
  isTerminal: boolean,
  say: (text: string) => void,
) {
  let shown = false;
  const timer = setTimeout(() => {
    shown = true;
    say(isTerminal ? `${label} …` : `${label} …\n`);
  }, PROGRESS_AFTER_MS);
  try {
    return await work;
  } finally {
    clearTimeout(timer);
    if (shown && isTerminal) say('\r\u001b[K');
  }
}
