import { DEFAULT_PROFILE } from '../../config/profiles.ts';
import { SETTING_NAMES } from '../../config/settings-schema.ts';
import { ICR_HOSTS } from '../../registry-host.ts';
import type { CommandDefinition } from '../command.ts';

const ACTIONS = ['get', 'set', 'unset', 'list', 'path'] as const;
export type Action = (typeof ACTIONS)[number];

/** As they are typed: for each registry, and for the one profile that everybody has. */
const KEYS = SETTING_NAMES.flatMap((name) =>
  name.includes('HOST')
    ? ICR_HOSTS.map((host) => name.replace('HOST', host))
    : [name.replace('NAME', DEFAULT_PROFILE)],
);

export const config: CommandDefinition = {
  name: 'config',
  summary: 'Show and change the settings',
  description: [
    'get KEY, set KEY VALUE, unset KEY, list, path. Keys are written with dots: credentialKind, registries.us.icr.io.profile.',
  ],
  arguments: [
    { name: 'action', summary: 'what to do', choices: ACTIONS },
    { name: 'key', summary: 'the setting', optional: true, suggestions: KEYS },
    { name: 'value', summary: 'its new value', optional: true },
  ],
  load: async () => (await import('../config.ts')).run,
};
