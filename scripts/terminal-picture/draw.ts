import { type Run, type Style, toLines } from './screen.ts';
import type { Shown } from './session.ts';

const COLUMNS = 116;
const FONT = 13;
/** Monospaced fonts are some 0.6 of their size wide. */
const COLUMN = 7.85;
const LINE = 19;
const MARGIN = 18;
const BAR = 32;

const BACKGROUND = '#161b22';
const FOREGROUND = '#d1d7e0';
const PROMPT = '#7d8590';
/** By ECMA-48 code; those that the program uses. */
const COLOURS: Readonly<Record<number, string>> = {
  31: '#ff7b72',
  32: '#56d364',
  33: '#e3b341',
  36: '#76e3ea',
};

/** A terminal with what was typed and shown in it, as an SVG that needs nothing else. */
export function draw(title: string, session: readonly Shown[]): string {
  const lines = session.flatMap(({ command, output }, index) => [
    ...(index > 0 ? [[]] : []),
    [
      { text: '$ ', colour: PROMPT },
      { text: command, bold: true },
    ],
    ...toLines(output, COLUMNS).map((runs) => runs.map(toSpan)),
  ]);
  const width = Math.round(COLUMNS * COLUMN + 2 * MARGIN);
  const height = BAR + lines.length * LINE + MARGIN;
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escapeXml(title)}</title>`,
    `<rect width="${width}" height="${height}" rx="8" fill="${BACKGROUND}"/>`,
    ...['#ff5f57', '#febc2e', '#28c840'].map(
      (fill, index) => `<circle cx="${MARGIN + index * 18}" cy="16" r="5.5" fill="${fill}"/>`,
    ),
    `<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="${FONT}" fill="${FOREGROUND}" xml:space="preserve">`,
    ...lines.flatMap((spans, index) =>
      spans.length > 0 ? [drawLine(spans, BAR + (index + 1) * LINE - 5)] : [],
    ),
    '</g>',
    '</svg>',
  ].join('\n')}\n`;
}

interface Span {
  text: string;
  bold?: boolean;
  colour?: string | undefined;
}

function toSpan({ text, style }: Run): Span {
  return { text, bold: style.bold, colour: colourOf(style) };
}

function colourOf({ dim, colour }: Style): string | undefined {
  if (colour === null) return dim ? PROMPT : undefined;
  const found = COLOURS[colour];
  if (found === undefined) throw new Error(`a colour that the picture does not have: ${colour}`);
  return found;
}

function drawLine(spans: readonly Span[], y: number): string {
  const parts = spans.map(({ text, bold, colour }) => {
    const attributes = `${colour ? ` fill="${colour}"` : ''}${bold ? ' font-weight="bold"' : ''}`;
    return attributes ? `<tspan${attributes}>${escapeXml(text)}</tspan>` : escapeXml(text);
  });
  return `<text x="${MARGIN}" y="${y}">${parts.join('')}</text>`;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
