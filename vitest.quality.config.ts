import { defineConfig } from 'vitest/config';
import { SUBJECTS } from './scripts/mutation/subjects.mjs';

/** The suites of `npm run coverage` and `npm run mutation`: those of SUBJECTS that run within one process. */
export default defineConfig({
  test: {
    include: ['test/unit/**/*.test.ts', 'test/contract/lock.test.ts'],
    exclude: ['test/unit/{clients,commands,doctor,fakes,stores,support}/**'],
    coverage: {
      include: SUBJECTS,
      reporter: ['text'],
      thresholds: { branches: 95 },
    },
  },
});
