import { chmodSync, chownSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Account } from './accounts.ts';
import { pause } from './pause.ts';
import { command, type Daemon, startDaemon } from './processes.ts';

/** A D-Bus session bus of its own, and GNOME's keyring on it. */
export interface Keyring {
  /** DBUS_SESSION_BUS_ADDRESS. */
  address: string;
  /** Ends the keyring and starts it again without its password. */
  lock(): Promise<void>;
  unlock(): Promise<void>;
  stop(): Promise<void>;
}

export interface KeyringOptions {
  /** Where everything of it lies. */
  folder: string;
  user?: Account;
  /** The bus lets nobody talk to the keyring. */
  isDenied?: boolean;
}

export async function startKeyring({ folder, user, isDenied }: KeyringOptions): Promise<Keyring> {
  const runtime = join(folder, 'keyring-run');
  mkdirSync(runtime, { mode: 0o700 });
  mkdirSync(join(folder, '.local/share/keyrings'), { recursive: true, mode: 0o700 });
  if (user)
    for (const path of ['keyring-run', '.local', '.local/share', '.local/share/keyrings'])
      own(join(folder, path), user);
  const socket = join(runtime, 'bus');
  const address = `unix:path=${socket}`;
  const env = {
    HOME: folder,
    XDG_RUNTIME_DIR: runtime,
    DBUS_SESSION_BUS_ADDRESS: address,
    PATH: '/usr/bin:/bin',
  };
  const config = isDenied ? `--config-file=${writeDenial(folder, address)}` : '--session';
  const bus = await startDaemon('/usr/bin/dbus-daemon', [config, '--nofork', `--address=${address}`], {
    env,
    ...user,
    logFile: join(folder, 'bus.log'),
    isReady: () => existsSync(socket),
  });
  const startStore = (password: string | null) => startSecrets(password, folder, { env, ...user });
  let secrets = await startStore('password');
  const restart = async (password: string | null) => {
    await secrets.stop();
    secrets = await startStore(password);
  };
  return {
    address,
    lock: () => restart(null),
    unlock: () => restart('password'),
    stop: async () => {
      await secrets.stop();
      await bus.stop();
    },
  };
}

/** dbus-daemon(1), "CONFIGURATION FILE". */
function writeDenial(folder: string, address: string): string {
  const file = join(folder, 'denial.conf');
  const policy = `<allow user="*"/><allow own="*"/><allow send_destination="*"/><allow receive_sender="*"/>
    <deny send_destination="org.freedesktop.secrets"/>`;
  writeFileSync(
    file,
    `<busconfig><type>session</type><listen>${address}</listen><policy context="default">${policy}</policy></busconfig>`,
  );
  return file;
}

async function startSecrets(
  password: string | null,
  folder: string,
  options: { env: Record<string, string>; uid?: number; gid?: number },
): Promise<Daemon> {
  const args = ['--foreground', '--components=secrets', ...(password === null ? [] : ['--unlock'])];
  return startDaemon('/usr/bin/gnome-keyring-daemon', args, {
    ...options,
    ...(password !== null && { input: password }),
    logFile: join(folder, 'keyring.log'),
    isReady: async () => {
      await pause(100);
      return ownsName(options);
    },
  });
}

async function ownsName(options: {
  env: Record<string, string>;
  uid?: number;
  gid?: number;
}): Promise<boolean> {
  const ask = [
    '--session',
    '--dest=org.freedesktop.DBus',
    '--print-reply=literal',
    '/',
    'org.freedesktop.DBus.NameHasOwner',
  ];
  const { stdout } = await command('/usr/bin/dbus-send', [...ask, 'string:org.freedesktop.secrets'], options);
  return stdout.includes('true');
}

function own(path: string, { uid, gid }: Account): void {
  chownSync(path, uid, gid);
  chmodSync(path, 0o700);
}
