import type { CommandDefinition } from '../command.ts';

export const logout: CommandDefinition = {
  name: 'logout',
  summary: 'Delete a stored login with its cached tokens',
  description: [
    'Without an option it is the default profile’s. Access tokens that were handed out before live on until they expire, for up to an hour.',
  ],
  arguments: [{ name: 'HOST', summary: 'as --registry', optional: true, repeatable: true }],
  options: [
    { name: 'profile', value: 'NAME', summary: 'the login of this profile' },
    {
      name: 'registry',
      value: 'HOST',
      repeatable: true,
      summary: 'the login of this registry; nothing answers for it until the next login',
    },
    { name: 'all', summary: 'everything: all logins, cached tokens, and the keys that seal them' },
  ],
  load: async () => (await import('../logout.ts')).run,
};
