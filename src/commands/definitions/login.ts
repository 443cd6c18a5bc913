import type { CommandDefinition } from '../command.ts';

export const login: CommandDefinition = {
  name: 'login',
  summary: 'Log in with an IBM Cloud API key, a one-time code or a browser',
  description: [
    'Asks for an API key at the terminal, without showing it, or takes it from standard input or a file. With --sso or --web no key is needed: a person logs in in a browser, and IAM opens a session, which it ends after at most 72 hours.',
    'What IAM has accepted goes into the operating system’s keychain and serves all ICR hosts, or only those named by --registry.',
  ],
  arguments: [{ name: 'key', summary: 'refused: other users can see arguments', optional: true }],
  options: [
    {
      name: 'apikey',
      value: 'KEY',
      summary: 'refused: other users can see arguments',
      instead: '--apikey-stdin or --apikey-file',
    },
    { name: 'apikey-stdin', summary: 'read the key from standard input' },
    {
      name: 'apikey-file',
      value: 'FILE',
      summary: 'read the key from a file: plain, or the JSON that ibmcloud iam api-key-create writes',
    },
    {
      name: 'sso',
      summary: 'log in with a one-time code: shows the page that gives it, and asks for it at the terminal',
    },
    { name: 'passcode-stdin', summary: 'read the one-time code from standard input' },
    {
      name: 'web',
      summary:
        'log in in a browser on this machine, which comes back by itself; --sso where IAM does not let it',
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
