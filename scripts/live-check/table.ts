import type { Finding } from './finding.ts';

export interface Row extends Finding {
  readonly line: string;
  readonly claim: string;
}

const HEADER = ['line', 'verdict', 'assumption', 'seen'];

/** In Markdown, for people to paste into an issue. */
export function formatTable(rows: readonly Row[]): string {
  const cells = [
    HEADER,
    ...rows.map(({ line, verdict, claim, seen }) => [line, verdict, claim, seen].map(toCell)),
  ];
  const widths = HEADER.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const [header, ...body] = cells.map((row) =>
    format(row.map((cell, column) => cell.padEnd(widths[column] ?? 0))),
  );
  return [header, format(widths.map((width) => '-'.repeat(width))), ...body].join('\n');
}

/** `holds: 27, does not hold: 1, could not tell: 0` */
export function summarize(rows: readonly Row[]): string {
  const count = (wanted: Finding['verdict']) => rows.filter(({ verdict }) => verdict === wanted).length;
  return `holds: ${count('holds')}, does not hold: ${count('does not hold')}, could not tell: ${count('could not tell')}`;
}

function format(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

/** Some of it came over the network: no control character, no end of a cell. */
function toCell(text: string): string {
  return text
    .replace(/\p{Cc}/gu, ' ')
    .replaceAll('|', '\\|')
    .slice(0, 200);
}
