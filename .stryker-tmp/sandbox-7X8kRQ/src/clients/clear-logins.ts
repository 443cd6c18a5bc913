import { parseRegistryHost } from '../registry-host.ts';
import { Secret } from '../secret.ts';
import type { ClientDocument } from './client-document.ts';

/** A login to ICR that a client wrote into its file, readable for whoever can read the file. */
export interface ClearLogin {
  /** As it stands in `auths`: us.icr.io, https://us.icr.io, us.icr.io:443, us.icr.io/namespace. */
  key: string;
  /** The host that the key means. */
  host: string;
  /** Stands for all of the host and not for a namespace of it. */
  coversHost: boolean;
  /** Null where it holds something that no helper can give back. */
  credentials: { username: string; secret: Secret } | null;
}

export function findClearLogins({ auths }: ClientDocument): ClearLogin[] {
  return [...auths].flatMap(([key, entry]) => {
    const host = parseRegistryHost(key);
    if (!host || !SECRETS.some((name) => text(entry, name) !== '')) return [];
    return [
      {
        key,
        host: host.name,
        // Old clients append the version of the registry's API.
        coversHost: /^(?:v[12]\/?)?$/.test(host.path),
        credentials: credentialsOf(entry),
      },
    ];
  });
}

/** Members of docker's AuthConfig and of containers-auth.json(5) that are secret. */
const SECRETS = ['auth', 'password', 'identitytoken', 'registrytoken'];

type AuthEntry = Readonly<Record<string, unknown>>;

function credentialsOf(entry: AuthEntry): ClearLogin['credentials'] {
  const token = text(entry, 'identitytoken');
  if (token) return { username: '<token>', secret: new Secret(token) };
  const [username, password] = text(entry, 'auth') ? decode(text(entry, 'auth')) : plain(entry);
  return username && password ? { username, secret: new Secret(password) } : null;
}

/** Base64 of `user:password`, sometimes padded with zero bytes. */
function decode(auth: string): [string, string] {
  const decoded = Buffer.from(auth, 'base64').toString('utf8').replace(/\0+$/, '');
  const colon = decoded.indexOf(':');
  return colon < 0 ? ['', ''] : [decoded.slice(0, colon), decoded.slice(colon + 1)];
}

function plain(entry: AuthEntry): [string, string] {
  return [text(entry, 'username'), text(entry, 'password')];
}

function text(entry: AuthEntry, name: string): string {
  const value = Object.hasOwn(entry, name) ? entry[name] : '';
  return typeof value === 'string' ? value : '';
}
