import { isAbsolutePath } from '../config/paths.ts';
import { io } from '../io.ts';
import type { System } from '../system.ts';

/**
 * Where the ibmcloud CLI keeps its files, by its own rules (IBM-Cloud/ibm-cloud-cli-sdk, config_helpers):
 * `IBMCLOUD_CONFIG_HOME`; else, in a home, `.ibmcloud` if that is there and `.bluemix` if not. Null
 * where this user has no home. Relative folders do not count: they are whatever the folder that docker
 * was called in makes of them.
 */
export function configFolder(system: System): string | null {
  const folderIn = (variable: string) => {
    const value = system.env[variable];
    return value && isAbsolutePath(value, system) ? value : undefined;
  };
  const named = folderIn('IBMCLOUD_CONFIG_HOME');
  if (named) return named;
  const home = folderIn('IBMCLOUD_HOME') || folderIn('BLUEMIX_HOME') || userHome(system);
  if (!home) return null;
  const separator = separatorOf(system);
  const folder = `${home}${separator}.ibmcloud`;
  return io.statusOf(folder) ? folder : `${home}${separator}.bluemix`;
}

export function configFile(folder: string, system: System): string {
  return `${folder}${separatorOf(system)}config.json`;
}

/** Not node:path: this is asked by every `get` that nothing answers before. */
function separatorOf({ platform }: System): string {
  return platform === 'win32' ? '\\' : '/';
}

function userHome({ env, platform, accountHome }: System): string | null {
  if (platform !== 'win32') return env['HOME'] || accountHome();
  return `${env['HOMEDRIVE'] ?? ''}${env['HOMEPATH'] ?? ''}` || env['USERPROFILE'] || accountHome();
}
