import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Copy, fuzzTarget, makeCopy, targetNames } from '../../scripts/fuzz/campaign.mjs';
import { TARGETS } from './targets.ts';

/** The same in every run: npm run fuzz looks elsewhere. */
const SEED = 20261121;
const INPUTS = 100_000;

let copy: Copy;
beforeAll(() => {
  copy = makeCopy();
});
afterAll(() => copy?.remove());

it('names every target', () => {
  expect(targetNames()).toEqual(Object.keys(TARGETS));
});

it.concurrent.for(targetNames())('%s holds for 100,000 inputs', async (target, { expect }) => {
  const outcome = await fuzzTarget(copy, target, { seed: SEED, inputs: INPUTS });
  expect(outcome.failure).toBeUndefined();
  expect(outcome.inputs).toBe(INPUTS);
  expect(outcome.covered.length).toBeGreaterThan(0);
  const { inputs, corpus, covered, blocks, seconds } = outcome;
  const reached = `corpus ${corpus}, ${covered.length} of ${blocks.length} blocks`;
  console.log(`${target}: ${inputs} inputs of seed ${SEED} in ${seconds.toFixed(1)} s, ${reached}`);
});
