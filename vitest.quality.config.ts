import { defineConfig } from 'vitest/config';
import { SUBJECTS } from './scripts/mutation/subjects.mjs';

/** The suites of `npm run coverage` and `npm run mutation`: those of SUBJECTS that run within one process. */
export default defineConfig({
  test: {
    include: [
      'test/unit/registry-host.test.ts',
      'test/unit/{protocol,cache,lock,sources,iam}/*.test.ts',
      'test/contract/lock.test.ts',
    ],
    coverage: {
      include: SUBJECTS,
      reporter: ['text'],
      // Each subject by itself.
      thresholds: Object.fromEntries(SUBJECTS.map((subject) => [subject, { branches: 95 }])),
    },
  },
});
