import { io } from '../io.ts';
import type { System } from '../system.ts';

/** Linux: the D-Bus session bus that this process would speak to. */
export type SessionBus =
  /** Null for one that only libdbus and GIO find; an abstract name begins with a zero byte. */
  | { path: string | null }
  /** What stands in the way. */
  | { missing: string };

/** Looks at nothing but the environment and whether there is such a socket. */
export function findSessionBus(system: System): SessionBus {
  const address = system.env['DBUS_SESSION_BUS_ADDRESS'];
  if (!address) {
    // Where libdbus and GIO look when there is no variable, and like them only at what is this user's:
    // after `sudo -E` it is another's, who could give us a secret of theirs.
    const runtime = system.env['XDG_RUNTIME_DIR'];
    return runtime && io.statusOf(`${runtime}/bus`)?.uid === system.euid
      ? { path: `${runtime}/bus` }
      : { missing: 'there is no D-Bus session bus' };
  }
  // Others than sockets of this machine run programs (unixexec:) or leave the machine (tcp:).
  const elements = address.split(';').filter((element) => element !== '');
  if (elements.length === 0 || !elements.every((element) => element.startsWith('unix:')))
    return { missing: 'DBUS_SESSION_BUS_ADDRESS names no socket of this machine' };
  const paths = elements.map((element) => valueFor(element, 'path'));
  if (paths.every((path) => path !== undefined && !exists(path)))
    return { missing: `the D-Bus session bus ${paths[0]} is gone` };
  const abstract = valueFor(elements[0] ?? '', 'abstract');
  const only = paths[0] ?? (abstract === undefined ? null : `\0${abstract}`);
  return { path: elements.length === 1 ? only : null };
}

/** D-Bus Specification, "Server Addresses": unix:key=value,key=value, with escapes as in URLs. */
function valueFor(element: string, key: string): string | undefined {
  const pairs = element.slice('unix:'.length).split(',');
  const value = pairs.find((pair) => pair.startsWith(`${key}=`))?.slice(key.length + 1);
  try {
    return value === undefined ? undefined : decodeURIComponent(value);
  } catch {
    return value;
  }
}

function exists(path: string): boolean {
  return io.statusOf(path) !== null;
}
