/** What a terminal makes of text with escape sequences: lines of runs in one style each. */
export interface Style {
  bold: boolean;
  dim: boolean;
  /** ECMA-48, 30 to 37; null for the usual one. */
  colour: number | null;
}

export interface Run {
  text: string;
  style: Style;
}

const PLAIN: Style = { bold: false, dim: false, colour: null };

/** Lines longer than `columns` go on in the next. Colours and weight are all that it understands. */
export function toLines(text: string, columns: number): Run[][] {
  let style = PLAIN;
  return text
    .replaceAll('\r', '')
    .replace(/\n$/, '')
    .split('\n')
    .flatMap((line) => {
      const runs: Run[] = [];
      // biome-ignore lint/suspicious/noControlCharactersInRegex: ECMA-48 control sequences
      for (const part of line.split(/(\x1b\[[\d;]*m)/)) {
        if (part.startsWith('\x1b')) style = applied(style, part);
        else if (part !== '') runs.push({ text: part, style });
      }
      return wrap(runs, columns);
    });
}

/** By ECMA-48 code; colours besides. */
const CHANGES: Readonly<Record<number, Partial<Style>>> = {
  0: PLAIN,
  1: { bold: true },
  2: { dim: true },
  22: { bold: false, dim: false },
  39: { colour: null },
};

function applied(style: Style, sequence: string): Style {
  const codes = sequence.slice(2, -1).split(';').map(Number);
  return Object.assign({}, style, ...codes.map(changeOf));
}

function changeOf(code: number): Partial<Style> {
  const change = code >= 30 && code <= 37 ? { colour: code } : CHANGES[code];
  if (change === undefined) throw new Error(`a style that the picture does not know: ${code}`);
  return change;
}

function wrap(runs: readonly Run[], columns: number): Run[][] {
  const lines: Run[][] = [[]];
  let left = columns;
  for (const { text, style } of runs) {
    for (let rest = text; rest !== ''; ) {
      if (left === 0) {
        lines.push([]);
        left = columns;
      }
      const piece = rest.slice(0, left);
      lines.at(-1)?.push({ text: piece, style });
      left -= piece.length;
      rest = rest.slice(piece.length);
    }
  }
  return lines;
}
