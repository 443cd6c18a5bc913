import type { CommandDefinition } from '../command.ts';

export const login: CommandDefinition = {
  name: 'login',
  summary: 'Store an IBM Cloud API key, checked with IAM first',
  description: [
    'Asks for the key at the terminal, without showing it, or takes it from standard input or a file. The key goes into the operating system’s keychain and serves all ICR hosts, or only those named by --registry.',
  ],
  arguments: [{ name: 'key', summary: 'refused: other users can see arguments', optional: true }],
  options: [
    { name: 'apikey', value: 'KEY', summary: 'refused: other users can see arguments' },
    { name: 'apikey-stdin', summary: 'read the key from standard input' },
    {
      name: 'apikey-file',
      value: 'FILE',
      summary: 'read the key from a file: plain, or the JSON that ibmcloud iam api-key-create writes',
    },
    { name: 'profile', value: 'NAME', summary: 'store it for this profile instead of the default one' },
    {
      name: 'registry',
      value: 'HOST',
      repeatable: true,
      summary: 'use it for this registry only, or for a namespace of it (us.icr.io/team)',
    },
    { name: 'configure', summary: 'configure the clients that are found, without asking' },
  ],
  load: async () => (await import('../login.ts')).run,
};
