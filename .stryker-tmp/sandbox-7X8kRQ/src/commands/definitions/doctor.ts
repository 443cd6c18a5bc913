import type { CommandDefinition } from '../command.ts';

export const doctor: CommandDefinition = {
  name: 'doctor',
  summary: 'Find out why a login does not work',
  description: [
    'Looks at everything between a client and the registry: the program on PATH, the clients’ files, the settings, the keychain, the stored secrets, the cache, IAM and the registry itself. What it tries it undoes. Never shows a secret.',
    'With a repository (us.icr.io/namespace/image) it also asks whether the login may pull and push there. Exit code 1 if anything fails.',
  ],
  arguments: [
    {
      name: 'HOST',
      summary: 'the registry, or a repository of it; without it the first that is stored or configured',
      optional: true,
    },
  ],
  options: [
    { name: 'json', summary: 'as JSON' },
    { name: 'offline', summary: 'ask neither IAM nor the registry' },
  ],
  load: async () => (await import('../doctor.ts')).run,
};
