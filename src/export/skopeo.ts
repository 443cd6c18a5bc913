import type { Consumer } from './consumer.ts';

/** `user:password` for `--src-creds`, `--dest-creds` and `--creds` of skopeo, podman and buildah. */
export const skopeo: Consumer = {
  keptIn: null,
  takesSeveral: false,
  options: [],
  render: ([{ username, secret }]) => `${username}:${secret.reveal()}\n`,
  varies: /:.*$/m,
  next: () => [],
};
