import type { FileChange } from './configure-clients.ts';
import { type FileText, isBlank, withoutMark } from './helper-entries.ts';
import { applyEdits, everyValue, type JsonValue, locate } from './json-text.ts';

/** Lines around a change, as `diff -u` shows them. */
const CONTEXT = 3;

/** A unified diff, in which the only values shown are names of helpers: client files hold secrets. */
export function describeChange({ file, before, after }: FileChange): string[] {
  const from = before === null ? '/dev/null' : file.path;
  const to = after === null ? '/dev/null' : file.path;
  const hunks = hunksOf(compareLines(linesOf(before), linesOf(after)));
  return [`--- ${from}`, `+++ ${to}`, ...hunks];
}

function linesOf(text: FileText): string[] {
  const shown = text === null ? '' : maskValues(text);
  if (shown === '') return [];
  // How lines end is not shown, and is not changed.
  const lines = shown.split(/\r?\n/);
  if (lines.at(-1) === '') return lines.slice(0, -1);
  return [...lines.slice(0, -1), `${lines.at(-1)}\n\\ No newline at end of file`];
}

function maskValues(text: string): string {
  if (isBlank(text)) return text;
  const { mark, body } = withoutMark(text);
  const root = locate(body);
  const shown = new Set<JsonValue>();
  for (const { key, value } of root.members) {
    if (key === 'credHelpers' || key === 'credsStore')
      for (const inner of everyValue(value)) shown.add(inner);
  }
  const masked = [...everyValue(root)].filter((value) => value.kind === 'string' && !shown.has(value));
  return (
    mark +
    applyEdits(
      body,
      masked.map(({ start, end }) => ({ start, end, text: '"…"' })),
    )
  );
}

interface Step {
  sign: ' ' | '-' | '+';
  line: string;
}

/** What both begin and end with needs no search. */
function compareLines(before: readonly string[], after: readonly string[]): Step[] {
  const same = (line: string): Step => ({ sign: ' ', line });
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before[head] === after[head]) head++;
  let tail = 0;
  while (tail < shorter - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  return [
    ...before.slice(0, head).map(same),
    ...compare(before.slice(head, before.length - tail), after.slice(head, after.length - tail)),
    ...before.slice(before.length - tail).map(same),
  ];
}

/** Along a longest common subsequence. */
function compare(before: readonly string[], after: readonly string[]): Step[] {
  const lengths = commonLengths(before, after);
  const steps: Step[] = [];
  let [i, j] = [0, 0];
  while (i < before.length || j < after.length) {
    const [old, young] = [before[i], after[j]];
    if (old !== undefined && old === young) {
      steps.push({ sign: ' ', line: old });
      i++;
      j++;
    } else if (old !== undefined && (lengths[i + 1]?.[j] ?? -1) >= (lengths[i]?.[j + 1] ?? -1)) {
      steps.push({ sign: '-', line: old });
      i++;
    } else if (young !== undefined) {
      steps.push({ sign: '+', line: young });
      j++;
    }
  }
  return steps;
}

/** At [i][j]: how many lines the rests from i and from j have in common. */
function commonLengths(before: readonly string[], after: readonly string[]): Uint16Array[] {
  const lengths = Array.from({ length: before.length + 1 }, () => new Uint16Array(after.length + 1));
  for (let i = before.length - 1; i >= 0; i--) {
    const [row, below] = [lengths[i], lengths[i + 1]];
    if (!row || !below) continue;
    for (let j = after.length - 1; j >= 0; j--) {
      row[j] = before[i] === after[j] ? (below[j + 1] ?? 0) + 1 : Math.max(below[j] ?? 0, row[j + 1] ?? 0);
    }
  }
  return lengths;
}

function hunksOf(steps: readonly Step[]): string[] {
  const isNear = steps.map((_, index) =>
    steps.slice(Math.max(0, index - CONTEXT), index + CONTEXT + 1).some(({ sign }) => sign !== ' '),
  );
  const lines: string[] = [];
  let [before, after] = [0, 0];
  for (let index = 0; index < steps.length; ) {
    const end = isNear.indexOf(!isNear[index], index);
    const run = steps.slice(index, end < 0 ? steps.length : end);
    const count = (sign: '-' | '+') => run.filter((step) => step.sign === ' ' || step.sign === sign).length;
    const [old, young] = [count('-'), count('+')];
    if (isNear[index]) {
      lines.push(`@@ -${range(before, old)} +${range(after, young)} @@`);
      lines.push(...run.flatMap(({ sign, line }) => `${sign}${line}`.split('\n')));
    }
    before += old;
    after += young;
    index += run.length;
  }
  return lines;
}

function range(before: number, count: number): string {
  const start = count === 0 ? before : before + 1;
  return count === 1 ? `${start}` : `${start},${count}`;
}
