import { HelperError } from '../errors.ts';
import { posixWord } from '../posix-quote.ts';
import type { Consumer } from './consumer.ts';
import { DEFAULT_NAME } from './default-name.ts';

/**
 * The password file of Code Engine's registry secrets, whose first line counts: `--password-from-file`
 * (IBM docs: Code Engine CLI, "secret create" and the older "registry create").
 */
export const codeEngine: Consumer = {
  keptIn: 'a Code Engine secret',
  takesSeveral: false,
  options: ['name'],
  check: ({ name }) => checkName(name),
  render: ([{ secret }]) => `${secret.reveal()}\n`,
  varies: null,
  next: (file, [{ server, username }], { name = DEFAULT_NAME }) => {
    const options = `--name ${name} --server ${posixWord(server)} --username ${posixWord(username)} --password-from-file ${posixWord(file)}`;
    return [
      `ibmcloud ce secret create --format registry ${options}`,
      `ibmcloud ce registry create ${options}    # with older versions of the plug-in`,
      `rm ${posixWord(file)}`,
    ];
  },
};

/** IBM docs: Code Engine CLI, "--name". */
function checkName(name: string | undefined): void {
  if (name === undefined || (name.length <= 253 && /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/.test(name))) return;
  throw new HelperError('bad-input', '--name is not a name that Code Engine takes', {
    hint: 'use at most 253 lower case letters, digits, dots and dashes, with a letter or digit at both ends',
  });
}
