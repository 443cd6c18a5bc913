import type { CommandDefinition, OptionDefinition } from '../command.ts';

export const CLIENT_OPTION: OptionDefinition = {
  name: 'client',
  value: 'CLIENT',
  repeatable: true,
  choices: ['docker', 'containers', 'podman', 'skopeo', 'buildah'],
  summary:
    'only for docker, or for containers (podman, skopeo and buildah, which share a file); default: those found here',
};

export const DRY_RUN_OPTION: OptionDefinition = {
  name: 'dry-run',
  summary: 'show what would change, and change nothing',
};

export const configure: CommandDefinition = {
  name: 'configure',
  summary: 'Make docker, podman and other clients use this helper for ICR',
  description: [
    'Writes "credHelpers" entries into docker’s config.json and the auth.json of podman, skopeo and buildah, and leaves everything else in them as it is. If one of the files cannot be changed, none is.',
  ],
  arguments: [
    {
      name: 'host',
      summary: 'registry such as us.icr.io; default: all ICR hosts',
      optional: true,
      repeatable: true,
    },
  ],
  options: [
    CLIENT_OPTION,
    DRY_RUN_OPTION,
    { name: 'force', summary: 'take the place of another helper' },
    {
      name: 'move-logins',
      summary: 'move ICR logins from clear text in these files into the helper, without asking',
    },
  ],
  load: async () => (await import('../configure.ts')).run,
};
