import { basename, dirname } from 'node:path';
import { posixWord } from '../posix-quote.ts';
import type { Consumer, Logins } from './consumer.ts';

/** `auth.json` of podman, skopeo and buildah (containers-auth.json(5)), and docker's `config.json`. */
export const authFile: Consumer = {
  keptIn: null,
  takesSeveral: true,
  options: [],
  render: (logins) => `${JSON.stringify(authsOf(logins), null, 2)}\n`,
  varies: /(?<=^ {6}"(?:username|password|auth)": ").*(?=",?$)/gm,
  next: (file) =>
    // Docker looks for a file of this name in a folder.
    basename(file) === 'config.json'
      ? [`docker --config ${posixWord(dirname(file))} pull IMAGE`]
      : [`podman pull --authfile ${posixWord(file)} IMAGE`],
};

/** As `kubectl create secret docker-registry` has it: kubelet reads `username`, clients read `auth`. */
export function authsOf(logins: Logins) {
  const entries = logins.map(({ registry, username, secret }) => {
    const password = secret.reveal();
    const auth = Buffer.from(`${username}:${password}`).toString('base64');
    return [registry, { username, password, auth }] as const;
  });
  return { auths: Object.fromEntries(entries) };
}
