/** Two panels, one above the other, as an SVG that needs nothing else. */
export interface Panel {
  title: string;
  /** Where the scale ends, requests per minute; logarithmic from 10 where it says so. */
  top: number;
  logarithmic?: true;
  limits: readonly { value: number; label: string }[];
  lines: readonly { label: string; colour: string; values: readonly number[] }[];
}

const WIDTH = 860;
const HEIGHT = 240;
const LEFT = 60;
const TOP = 30;
const GAP = 60;

export function plot(title: string, panels: readonly Panel[]): string {
  const height = panels.length * (HEIGHT + GAP + TOP);
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH + LEFT + 20} ${height}" font-family="sans-serif" font-size="12">`,
    `<title>${title}</title>`,
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    ...panels.flatMap((panel, index) => [
      `<g transform="translate(${LEFT} ${index * (HEIGHT + GAP + TOP) + TOP})">`,
      ...draw(panel),
      '</g>',
    ]),
    '</svg>',
  ].join('\n')}\n`;
}

function draw(panel: Panel): string[] {
  const minutes = Math.max(...panel.lines.map(({ values }) => values.length));
  const x = (minute: number) => round((minute / minutes) * WIDTH);
  const y = (value: number) => round(HEIGHT * (1 - heightOf(value, panel)));
  return [
    `<text x="0" y="-10" font-weight="bold">${panel.title}</text>`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="none" stroke="#cccccc"/>`,
    ...ticksOf(panel).map(
      (value) => `<text x="-8" y="${y(value) + 4}" text-anchor="end">${value.toLocaleString('en-US')}</text>`,
    ),
    ...hours(minutes).map(
      (hour) => `<text x="${x(hour * 60)}" y="${HEIGHT + 18}" text-anchor="middle">${hour} h</text>`,
    ),
    ...panel.limits.flatMap(({ value, label }) => [
      `<line x1="0" x2="${WIDTH}" y1="${y(value)}" y2="${y(value)}" stroke="#888888" stroke-dasharray="6 4"/>`,
      `<text x="${WIDTH - 6}" y="${y(value) - 5}" text-anchor="end" fill="#555555">${label}</text>`,
    ]),
    ...panel.lines.flatMap(({ label, colour, values }, index) => [
      `<polyline fill="none" stroke="${colour}" stroke-width="1.2" points="${values.map((value, minute) => `${x(minute)},${y(value)}`).join(' ')}"/>`,
      `<text x="${index * 290}" y="${HEIGHT + 38}" fill="${colour}">${label}</text>`,
    ]),
  ];
}

/** 0 at the foot, 1 at the top. */
function heightOf(value: number, { top, logarithmic }: Panel): number {
  if (!logarithmic) return Math.min(1, value / top);
  return value <= 10 ? 0 : Math.log10(value / 10) / Math.log10(top / 10);
}

function ticksOf({ top, logarithmic }: Panel): number[] {
  if (!logarithmic) return [0, top / 4, top / 2, (3 * top) / 4, top];
  return [10, 100, 1000, 10_000, 100_000].filter((value) => value <= top);
}

function hours(minutes: number): number[] {
  return Array.from({ length: Math.floor(minutes / 60) + 1 }, (_, hour) => hour);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
