import { defineConfig } from 'vitest/config';

/** Ends what hangs, and nothing that a slow or busy machine still does. */
const patient = { testTimeout: 600_000, hookTimeout: 600_000 };

export default defineConfig({
  test: {
    globalSetup: 'test/support/require-executable.ts',
    projects: [
      { extends: true, test: { ...patient, name: 'unit', include: ['test/unit/**/*.test.ts'] } },
      // Real processes on two cores: one file after the other.
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
      ...patient,
      name,
      include: [`test/${name}/**/*.test.ts`],
      setupFiles: 'test/support/canary/setup.ts',
      fileParallelism: false,
    },
  };
}
