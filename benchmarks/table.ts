import type { Program } from './machine.ts';
import type { Verdict } from './must-show.ts';
import type { CaseResult, SubjectResult } from './run-case.ts';
import type { Ratio } from './statistics.ts';

/** Markdown, for the terminal and for docs/performance.md. */
export function caseTable({ title, rounds, beside, needs, subjects }: CaseResult): string {
  if (subjects.length === 0) return `**${title}**: not measured, it needs ${needs}`;
  const heading = [
    '',
    'median ms',
    'p10',
    'p90',
    'CPU ms',
    'page faults',
    'peak MB',
    ...(beside ? [`to ${beside}`] : []),
  ];
  const hasBaseline = subjects.some(({ toBaseline }) => toBaseline);
  if (hasBaseline) heading.push('to the baseline');
  const rows = subjects.map((subject) => [
    ...rowOf(subject, beside),
    ...(hasBaseline ? [subject.toBaseline ? ratioText(subject.toBaseline) : ''] : []),
  ]);
  return `**${title}** (${rounds} rounds)\n\n${table(heading, rows)}`;
}

function rowOf(
  { name, wallMs, cpuMs, faults, peakMb, ratio }: SubjectResult,
  beside: string | null,
): string[] {
  const times = [wallMs.median, wallMs.p10, wallMs.p90, cpuMs.median].map(figure);
  const memory = peakMb === null ? '–' : peakMb.toFixed(1);
  return [name, ...times, faults.toFixed(0), memory, ...(beside ? [ratio ? ratioText(ratio) : '1'] : [])];
}

export function verdictTable(verdicts: readonly Verdict[]): string {
  const heading = ['must show', 'at most', 'moonshot', 'measured', '95 %', 'pair by pair', 'reached'];
  return table(heading, verdicts.map(verdictRow));
}

function verdictRow({ what, atMost, moonshot, measured, ratio, reached }: Verdict): string[] {
  return [
    what,
    String(atMost),
    moonshot === null ? '' : String(moonshot),
    measured === null ? '' : measured.toFixed(2),
    ratio ? `${ratio.low.toFixed(2)}–${ratio.high.toFixed(2)}` : '',
    ratio ? ratio.pairwise.toFixed(2) : '',
    reached,
  ];
}

function ratioText({ ofMedians, low, high, pairwise }: Ratio): string {
  return `${ofMedians.toFixed(2)} (${low.toFixed(2)}–${high.toFixed(2)}; pairs ${pairwise.toFixed(2)})`;
}

export function figure(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(value >= 10 ? 1 : 2);
}

function table(heading: readonly string[], rows: readonly string[][]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(heading), `|${heading.map(() => '---|').join('')}`, ...rows.map(line)].join('\n');
}

export function programTable(programs: readonly Program[]): string {
  const rows = programs.map(({ name, version, bytes }) => [name, version, (bytes / 1e6).toFixed(1)]);
  return table(['program', 'version', 'size of the file, MB'], rows);
}
