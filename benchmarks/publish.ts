import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { plot } from './plot.ts';
import { type Report, reportText } from './report.ts';

/** Writes performance.json and performance.svg. */
export function writeFigures(report: Report, folder: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'performance.json'), `${JSON.stringify(report)}\n`);
  writeFileSync(join(folder, 'performance.svg'), plot(report.cases));
}

const BEGIN = '<!-- npm run bench -->\n';
const END = '<!-- end -->';

/** Puts the tables into a page, in place of those that stand there. */
export function writeIntoPage(report: Report, page: string): void {
  const text = readFileSync(page, 'utf8');
  const begin = text.indexOf(BEGIN) + BEGIN.length;
  const end = text.indexOf(END);
  if (begin < BEGIN.length || end < begin) throw new Error(`${page} does not say where the figures go`);
  const links =
    '![Wall time of whole processes](performance.svg)\n\nEvery single measurement: [performance.json](performance.json).';
  const figures = `\n${links}\n\n${reportText(report)}\n\n`;
  writeFileSync(page, `${text.slice(0, begin)}${figures}${text.slice(end)}`);
}
