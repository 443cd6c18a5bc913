import { CREDENTIAL_KINDS } from '../../config/settings.ts';
import { CONSUMER_NAMES } from '../../export/consumer-names.ts';
import type { CommandDefinition } from '../command.ts';

export const exportLogin: CommandDefinition = {
  name: 'export',
  summary: 'Hand a login to what cannot ask this helper',
  description: [
    'skopeo: user:password for --src-creds and --dest-creds. kubernetes: a pull secret. code-engine: the password file of a registry secret. cloud-foundry: the variable that cf push reads. auth-file: auth.json of podman and skopeo, config.json of docker.',
    'Where the login is used at once it is what clients get, a token. Kubernetes, Code Engine and Cloud Foundry keep it: they get the API key, which should be that of a service ID, and what runs out only with --allow-expiring.',
    'Registries other than ICR are exported as they were stored: docker.io is Docker Hub.',
  ],
  arguments: [{ name: 'consumer', summary: 'who is to have it', choices: CONSUMER_NAMES }],
  options: [
    {
      name: 'registry',
      value: 'HOST',
      repeatable: true,
      summary: 'for this registry, or for a namespace of it (us.icr.io/team)',
    },
    { name: 'all-regions', summary: 'for every region of ICR (kubernetes, auth-file)' },
    { name: 'private', summary: 'for the private names of these registries too (kubernetes, auth-file)' },
    { name: 'kind', value: 'KIND', summary: 'what is handed out', choices: CREDENTIAL_KINDS },
    { name: 'profile', value: 'NAME', summary: 'the login of this profile, whoever else would answer' },
    {
      name: 'output',
      value: 'FILE',
      summary: 'write a file that nobody else can read; - is standard output, as without this option',
    },
    { name: 'show', summary: 'print the secret even where standard output is a terminal' },
    { name: 'force', summary: 'replace a file that is no earlier export' },
    {
      name: 'allow-expiring',
      summary: 'hand out what runs out to who keeps it (kubernetes, code-engine, cloud-foundry)',
    },
    { name: 'name', value: 'NAME', summary: 'name of the secret (kubernetes, code-engine)' },
    { name: 'namespace', value: 'NAME', summary: 'its namespace (kubernetes)' },
    {
      name: 'apply-to-service-account',
      value: 'NAME',
      summary: 'have the pods of this service account pull with it (kubernetes)',
    },
    { name: 'format', value: 'FORMAT', summary: 'of the secret (kubernetes)', choices: ['yaml', 'json'] },
  ],
  load: async () => (await import('../export.ts')).run,
};
