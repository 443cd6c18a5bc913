import { HelperError } from '../errors.ts';
import type { System } from '../system.ts';

const NAME = 'docker-credential-icr';

/** Where things lie; the XDG base directories on Linux, their likes elsewhere. All absolute. */
export interface Paths {
  /** Settings: read only, written by people. */
  settingsFile: string;
  /** Records and sealed secrets. */
  dataFolder: string;
  /** Keys that open what lies in other folders. */
  stateFolder: string;
  /** For the token cache where there is no runtime folder. */
  cacheFolder: string;
}

/** Fails with `bad-input` where there is no home directory to start from. */
export function findPaths(system: System): Paths {
  switch (system.platform) {
    case 'win32':
      return windowsPaths(system);
    case 'darwin':
      return macPaths(home(system));
    default:
      return xdgPaths(system);
  }
}

function xdgPaths(system: System): Paths {
  // "All paths must be absolute; a relative one is to be ignored" (XDG Base Directory Specification).
  const base = (variable: string, fallback: string) => {
    const folder = system.env[variable];
    return `${folder?.startsWith('/') ? folder : `${home(system)}/${fallback}`}/${NAME}`;
  };
  return {
    settingsFile: `${base('XDG_CONFIG_HOME', '.config')}/settings.json`,
    dataFolder: base('XDG_DATA_HOME', '.local/share'),
    stateFolder: base('XDG_STATE_HOME', '.local/state'),
    cacheFolder: base('XDG_CACHE_HOME', '.cache'),
  };
}

function macPaths(home: string): Paths {
  const support = `${home}/Library/Application Support/${NAME}`;
  return {
    settingsFile: `${support}/settings.json`,
    dataFolder: `${support}/data`,
    stateFolder: `${support}/state`,
    cacheFolder: `${home}/Library/Caches/${NAME}`,
  };
}

function windowsPaths(system: System): Paths {
  const roaming = system.env['APPDATA'] ?? `${home(system)}\\AppData\\Roaming`;
  const local = system.env['LOCALAPPDATA'] ?? `${home(system)}\\AppData\\Local`;
  return {
    settingsFile: `${roaming}\\${NAME}\\settings.json`,
    dataFolder: `${local}\\${NAME}\\data`,
    stateFolder: `${local}\\${NAME}\\state`,
    cacheFolder: `${local}\\${NAME}\\cache`,
  };
}

function home(system: System): string {
  const variable = system.platform === 'win32' ? 'USERPROFILE' : 'HOME';
  const folder = system.env[variable];
  if (folder && isAbsolutePath(folder, system)) return folder;
  const known = folder ? null : system.accountHome();
  if (known) return known;
  throw new HelperError('bad-input', `${variable} is not set to an absolute path`, {
    hint: `set ${variable} to the home directory of the user that runs this, or give the key in ICR_API_KEY`,
  });
}

/** Not node:path: every `get` asks. */
export function isAbsolutePath(path: string, { platform }: Pick<System, 'platform'>): boolean {
  return platform === 'win32' ? /^[a-z]:[\\/]|^\\\\/i.test(path) : path.startsWith('/');
}
