/** The code that nobody may change without a test that notices (docs/reliability.md, "Test quality"). */
export const SUBJECTS = [
  'src/registry-host.ts',
  ...['protocol', 'cache', 'lock', 'sources', 'iam'].map((folder) => `src/${folder}/*.ts`),
];
