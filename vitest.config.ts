import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    globalSetup: 'test/support/require-executable.ts',
    projects: [
      { extends: true, test: { name: 'unit', include: ['test/unit/**/*.test.ts'] } },
      // Real processes on two cores: one file after the other, and room for a slow machine.
      slow('contract'),
      slow('conformance'),
      slow('cli'),
      // Processes that compute: two at a time, one for each core.
      { ...slow('fuzz'), test: { ...slow('fuzz').test, maxConcurrency: 2 } },
      slow('e2e'),
    ],
  },
});

function slow(name: string) {
  return {
    extends: true as const,
    test: {
      name,
      include: [`test/${name}/**/*.test.ts`],
      setupFiles: 'test/support/canary/setup.ts',
      fileParallelism: false,
      // A program that is named takes longer to start than the one that is built here.
      testTimeout: process.env['ICR_TEST_EXECUTABLE'] ? 600_000 : 120_000,
      hookTimeout: 120_000,
    },
  };
}
