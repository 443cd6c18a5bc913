import { defineConfig } from 'vitest/config';

/** Ends what hangs, and nothing that a slow or busy machine still does. */
const patient = { testTimeout: 600_000, hookTimeout: 600_000 };

export default defineConfig({
  test: {
    globalSetup: 'test/support/require-executable.ts',
    // Real processes, most of them, which wait for each other: three files at a time on two cores.
    maxWorkers: 3,
    projects: [
      { extends: true, test: { ...patient, name: 'unit', include: ['test/unit/**/*.test.ts'] } },
      slow('contract'),
      slow('conformance'),
      slow('cli'),
      // Processes that compute: one for each core, and nothing beside them.
      slow('fuzz', { maxWorkers: 1, maxConcurrency: 2, sequence: { groupOrder: 1 } }),
      // Its files have the names and addresses of one network namespace in common.
      slow('e2e', { maxWorkers: 1, sequence: { groupOrder: 2 } }),
    ],
  },
});

function slow(name: string, options = {}) {
  return {
    extends: true as const,
    test: {
      ...patient,
      name,
      include: [`test/${name}/**/*.test.ts`],
      setupFiles: 'test/support/canary/setup.ts',
      ...options,
    },
  };
}
