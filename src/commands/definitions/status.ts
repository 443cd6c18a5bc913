import type { CommandDefinition } from '../command.ts';

export const status: CommandDefinition = {
  name: 'status',
  summary: 'Show which credential answers for which registry, and where it lies',
  description: [
    'Asks nobody: what IAM has not been asked for yet is not known. Never shows a secret.',
    'A token is cached for a quarter of its life; the next get after that brings a new one by itself.',
  ],
  arguments: [{ name: 'HOST', summary: 'only these registries', optional: true, repeatable: true }],
  options: [{ name: 'json', summary: 'as JSON' }],
  load: async () => (await import('../status.ts')).run,
};
