import { posixWord } from '../posix-quote.ts';
import type { Consumer } from './consumer.ts';

/**
 * The variable that `cf push --docker-username` takes the password from, as a line for a shell
 * (Cloud Foundry docs, "Pushing an app with a Docker image").
 */
export const cloudFoundry: Consumer = {
  keptIn: 'an app of Cloud Foundry',
  takesSeveral: false,
  options: [],
  render: ([{ secret }]) => `CF_DOCKER_PASSWORD=${posixWord(secret.reveal())}\n`,
  varies: /(?<=^CF_DOCKER_PASSWORD=).*$/m,
  next: (file, [{ username }]) => [
    `(set -a; . ${posixWord(file)}; ibmcloud cf push APP -o IMAGE --docker-username ${posixWord(username)})`,
  ],
};
