import type { CommandDefinition } from '../command.ts';

export const config: CommandDefinition = {
  name: 'config',
  summary: 'Show and change the settings',
  description: [
    'get KEY, set KEY VALUE, unset KEY, list, path. Keys are written with dots: credentialKind, registries.us.icr.io.profile.',
  ],
  arguments: [
    { name: 'action', summary: 'what to do', choices: ['get', 'set', 'unset', 'list', 'path'] },
    { name: 'key', summary: 'the setting', optional: true },
    { name: 'value', summary: 'its new value', optional: true },
  ],
  load: async () => (await import('../config.ts')).run,
};
