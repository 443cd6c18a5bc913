import type { Style } from './terminal.ts';

const PLAIN = (text: string) => text;
const code = (open: number, close: number) => (text: string) => `\u001b[${open}m${text}\u001b[${close}m`;

/** Colour only on a terminal, not under NO_COLOR (no-color.org) and not on a dumb one. */
export function createStyle(isTerminal: boolean, env: Readonly<Record<string, string | undefined>>): Style {
  const colourful = isTerminal && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
  if (!colourful) return { bold: PLAIN, good: PLAIN, bad: PLAIN, attention: PLAIN, dim: PLAIN };
  return {
    bold: code(1, 22),
    good: code(32, 39),
    bad: code(31, 39),
    attention: code(33, 39),
    dim: code(2, 22),
  };
}
