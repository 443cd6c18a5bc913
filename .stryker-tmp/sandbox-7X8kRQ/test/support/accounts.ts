import { readFileSync } from 'node:fs';

export interface Account {
  uid: number;
  gid: number;
}

/** An ordinary account that every Debian has, without any rights. */
export function ordinaryAccount(): Account {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith('games:'));
  const [, , uid, gid] = line?.split(':') ?? [];
  return { uid: Number(uid), gid: Number(gid) };
}
