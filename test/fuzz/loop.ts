import type { Coverage } from './coverage.ts';
import { mutateJson, mutateText } from './mutate.ts';
import type { Random } from './random.ts';
import type { Target } from './target.ts';

export interface FuzzOptions {
  coverage: Coverage;
  random: Random;
  /** How many to try, the seeds included. */
  inputs: number;
  words: readonly string[];
  /** Called before each, so that an input that never ends can still be named. */
  note(input: string, count: number): void;
}

export interface FuzzResult {
  inputs: number;
  corpus: number;
  /** Numbers of the blocks that were entered. */
  covered: number[];
  failure?: { input: string; error: string };
}

/** A parser that takes longer for an input of 2,048 characters hangs for one of 128 KiB. */
const SLOW_MS = 1000;

/** Tries the seeds, then changes of what reached something new; stops at the first failure. */
export async function fuzz(target: Target, options: FuzzOptions): Promise<FuzzResult> {
  const { coverage, random } = options;
  const corpus: string[] = [];
  const words = [...new Set([...(target.words ?? []), ...options.words, ''])];
  for (let count = 0; count < options.inputs; count++) {
    const input = target.seeds[count] ?? next(target, { random, corpus, words });
    options.note(input, count);
    coverage.clear();
    const error = await problemWith(target, input);
    if (error !== null) {
      const smallest = await shrink(target, input);
      return { ...result(count + 1), failure: { input: smallest.input, error: smallest.error ?? error } };
    }
    if (coverage.isNew()) corpus.push(input);
  }
  return result(options.inputs);

  function result(inputs: number): FuzzResult {
    return { inputs, corpus: corpus.length, covered: coverage.covered() };
  }
}

function next(target: Target, material: Parameters<typeof mutateText>[1]): string {
  const { random, corpus } = material;
  // The newest more often than the others: they are the ones not worked out yet.
  const index = Math.max(random.below(corpus.length), random.below(corpus.length));
  const parent = corpus[index] ?? '';
  return target.isJson && random.oneIn(2) ? mutateJson(parent, material) : mutateText(parent, material);
}

async function problemWith(target: Target, input: string): Promise<string | null> {
  const started = performance.now();
  try {
    // An await for each would cost more than most parsers do.
    const pending = target.check(input);
    if (pending) await pending;
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }
  if (performance.now() - started < SLOW_MS) return null;
  // Perhaps it was the machine.
  const again = performance.now();
  await target.check(input);
  return performance.now() - again < SLOW_MS ? null : `took more than ${SLOW_MS} ms`;
}

/** The input with everything taken out that it fails without. */
async function shrink(target: Target, input: string): Promise<{ input: string; error: string | null }> {
  let smallest = { input, error: null as string | null };
  for (let size = Math.ceil(input.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let at = 0; at < smallest.input.length; ) {
      const shorter = smallest.input.slice(0, at) + smallest.input.slice(at + size);
      const error = await problemWith(target, shorter);
      if (error === null) at += size;
      else smallest = { input: shorter, error };
    }
  }
  return smallest;
}
