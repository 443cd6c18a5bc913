/** Where a secret may stand after all, and why. There is no other list. */
import { basename } from 'node:path';

/** What these answer with is the secret: on stdout, to whoever asked. */
const ANSWERING = ['get', 'export', 'kubelet'];

/** Commands in whose words our name is not one by itself. */
const ANSWERS: readonly { command: RegExp; why: string }[] = [
  { command: /(?:"\$HELPER"|docker-credential-icr') get\b/, why: 'a get that a shell starts' },
  { command: /\| docker-credential-icr get$/m, why: 'the page of the protocol shows one' },
  { command: /Bun\.YAML\.parse/, why: 'a pull secret that export wrote, as JSON' },
  {
    command: /\/kubectl (?:create secret|label --local) /,
    why: 'a pull secret, read and written by kubectl',
  },
  { command: /\/ibmcloud iam oauth-tokens$/, why: 'the person’s own run of the CLI, which prints its token' },
];

/** Never among them: what lies below a folder of ours. */
const FILES: readonly { path: RegExp; why: string }[] = [
  {
    path: /(?:^|\/)(?:key(?:\.json)?|own-key|mapped-key|other|apikey|apikey\.json)$/,
    why: 'a key file that the test gives to read',
  },
  { path: /(?:^|\/)(?:token|sa-token)$/, why: 'the token of a machine, which the test gives to read' },
  { path: /(?:^|\/)\.(?:bluemix|ibmcloud)\//, why: 'the ibmcloud CLI keeps its session in clear text' },
  { path: /^c\/config\.json$/, why: 'the same, where IBMCLOUD_CONFIG_HOME says' },
  {
    path: /^(?:(?:auth|auth-file|config|docker-config\/config|dockerconfig)\.json|exported-[\w-]+|password|secret)$/,
    why: 'what export was told to write, and tests in the place of a client',
  },
  { path: /^applied$/, why: 'a pull secret that a double of kubectl was given' },
  { path: /^cli-notes\/written$/, why: 'what the double of that CLI wrote there' },
  { path: /^strace\.log$/, why: 'what ours has read, as the test lets strace note it' },
  { path: /^browser\/page$/, why: 'IAM shows its one-time code in the browser' },
];

/** Our program, and the name under which a kubelet starts it. */
const NAMES = ['docker-credential-icr', 'icr-credential-provider'];

export function isOurs(word: string): boolean {
  return NAMES.includes(basename(word));
}

/** Whether the standard output of a command, its program first, is an answer that has to hold a secret. */
export function mayAnswer(words: readonly string[]): boolean {
  const at = words.findIndex(isOurs);
  const verb = words[at + 1] ?? 'kubelet';
  if (at >= 0) return ANSWERING.includes(verb);
  return ANSWERS.some(({ command }) => command.test(words.join(' ')));
}

/** Whether a file may hold one, by its path in a home. */
export function mayHold(path: string): boolean {
  return !path.includes('docker-credential-icr') && FILES.some((exception) => exception.path.test(path));
}
