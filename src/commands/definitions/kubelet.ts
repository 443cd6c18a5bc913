import type { CommandDefinition } from '../command.ts';

export const kubelet: CommandDefinition = {
  name: 'kubelet',
  summary: 'Answer a kubelet as its image credential provider',
  description: [
    'For programs: reads a CredentialProviderRequest (credentialprovider.kubelet.k8s.io/v1) from standard input and writes the response. Started under the name icr-credential-provider, without arguments, the program does the same.',
  ],
  load: async () => (await import('../kubelet.ts')).run,
};
