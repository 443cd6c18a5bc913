import { readFileSync } from 'node:fs';
import { createCoverage } from './coverage.ts';
import { createRandom } from './random.ts';
import type { Target, TargetMaker } from './target.ts';

/**
 * Fuzzes one target in a copy of the program with counters, started by scripts/fuzz/campaign.mjs
 * on Bun: a process of its own, so that it can be stopped where an input never ends.
 */
interface Task {
  target: string;
  seed: number;
  inputs: number;
  folder: string;
  /** Number of the input, then the input: shared with whoever watches. */
  noteFile: string;
  /** How many counters there are. */
  counters: number;
  files: Record<string, { first: number; blocks: number; words: string[] }>;
}

const task: Task = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'));
const hits = new Uint8Array(task.counters);
Object.assign(globalThis, { hits });

// Only now: modules begin to count when they are loaded.
const { TARGETS }: { TARGETS: Record<string, TargetMaker> } = await import('./targets.ts');
const { fuzz } = await import('./loop.ts');

const maker = TARGETS[task.target];
if (!maker) throw new Error(`there is no target ${task.target}`);
const target: Target = await maker(task.folder);
const files = target.files.map((name) => {
  const file = task.files[name];
  if (!file) throw new Error(`${task.target} names ${name}, which does not exist`);
  return file;
});
const blocks = files.flatMap(({ first, blocks }) => Array.from({ length: blocks }, (_, i) => first + i));
const { mmap } = (globalThis as unknown as { Bun: { mmap(path: string): Uint8Array } }).Bun;
const note = mmap(task.noteFile);
const numbers = new DataView(note.buffer);
const encoder = new TextEncoder();
const started = performance.now();
const result = await fuzz(target, {
  coverage: createCoverage(hits, blocks),
  random: createRandom(task.seed, task.target),
  inputs: task.inputs,
  words: files.flatMap(({ words }) => words),
  note: (input, count) => {
    numbers.setUint32(0, count);
    numbers.setUint32(4, encoder.encodeInto(input, note.subarray(8)).written);
  },
});
const seconds = (performance.now() - started) / 1000;
console.log(JSON.stringify({ ...result, blocks, seconds }));
process.exit(0);
