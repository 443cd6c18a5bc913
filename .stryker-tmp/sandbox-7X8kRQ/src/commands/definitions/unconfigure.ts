import type { CommandDefinition } from '../command.ts';
import { CLIENT_OPTION, DRY_RUN_OPTION } from './configure.ts';

export const unconfigure: CommandDefinition = {
  name: 'unconfigure',
  summary: 'Make clients stop using this helper',
  description: [
    'Removes the entries that name this helper, and what configure made around them. Stored logins stay: logout removes those.',
  ],
  arguments: [
    {
      name: 'host',
      summary: 'registry such as us.icr.io; default: every registry that names this helper',
      optional: true,
      repeatable: true,
    },
  ],
  options: [CLIENT_OPTION, DRY_RUN_OPTION],
  load: async () => (await import('../unconfigure.ts')).run,
};
