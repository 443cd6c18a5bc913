import type { CaseResult, SubjectResult } from './run-case.ts';
import { figure } from './table.ts';

const WIDTH = 860;
const LABELS = 250;
const FIGURES = 90;
const ROW = 20;
const HEADING = 34;

const OURS = '#1f77b4';
const OTHERS = '#b0b0b0';

/** Medians as bars, with a line from p10 to p90; each case has a scale of its own. An SVG that needs nothing else. */
export function plot(cases: readonly CaseResult[]): string {
  const shown = cases.filter(({ subjects }) => subjects.length > 0);
  let height = 10;
  const panels = shown.map((one) => {
    const panel = `<g transform="translate(10 ${height})">\n${draw(one).join('\n')}\n</g>`;
    height += HEADING + one.subjects.length * ROW + 12;
    return panel;
  });
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="12">`,
    '<title>Wall time of whole processes: median, and p10 to p90</title>',
    '<rect width="100%" height="100%" fill="#ffffff"/>',
    ...panels,
    '</svg>',
  ].join('\n')}\n`;
}

function draw({ title, subjects }: CaseResult): string[] {
  const top = Math.max(...subjects.map(({ wallMs }) => wallMs.p90));
  const x = (ms: number) => Math.round(LABELS + (ms / top) * (WIDTH - LABELS - FIGURES - 20));
  return [
    `<text y="16" font-weight="bold">${escapeXml(title)}</text>`,
    ...subjects.flatMap((subject, index) => bar(subject, HEADING + index * ROW, x)),
  ];
}

function bar({ name, isOurs, wallMs }: SubjectResult, y: number, x: (ms: number) => number): string[] {
  const { median, p10, p90 } = wallMs;
  const middle = y + ROW / 2 - 3;
  return [
    `<text x="${LABELS - 8}" y="${middle + 4}" text-anchor="end">${escapeXml(name)}</text>`,
    `<rect x="${LABELS}" y="${y}" width="${x(median) - LABELS}" height="${ROW - 6}" fill="${isOurs ? OURS : OTHERS}"/>`,
    `<line x1="${x(p10)}" x2="${x(p90)}" y1="${middle}" y2="${middle}" stroke="#333333" stroke-width="1.5"/>`,
    `<text x="${x(p90) + 8}" y="${middle + 4}">${figure(median)} ms</text>`,
  ];
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
