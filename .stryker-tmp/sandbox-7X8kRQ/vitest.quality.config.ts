import { defineConfig } from 'vitest/config';

/** What nobody may change without a test that notices (docs/reliability.md, "Test quality"). */
export const SUBJECTS = [
  'src/registry-host.ts',
  ...['protocol', 'cache', 'lock', 'sources', 'iam'].map((folder) => `src/${folder}/**/*.ts`),
];

/** The suites of `npm run coverage` and `npm run mutation`: what runs within one process. */
export default defineConfig({
  test: {
    include: ['test/unit/**/*.test.ts', 'test/contract/lock.test.ts'],
    exclude: ['test/unit/{clients,commands,doctor,fakes,support}/**'],
    coverage: {
      include: SUBJECTS,
      reporter: ['text'],
      thresholds: { branches: 95 },
    },
  },
});
