import { HelperError } from '../errors.ts';
import { namesOf, type RegistryHost } from '../registry-host.ts';
import type { System } from '../system.ts';
import type { Settings } from './settings.ts';

/** Serves every ICR host that no other profile is named for. */
export const DEFAULT_PROFILE = 'default';

const VARIABLE = 'ICR_PROFILE';

export interface ChosenProfile {
  name: string;
  /** Who chose it, for messages; null for the default profile. */
  by: 'option' | 'variable' | 'settings' | null;
}

/** The profile for a registry: the variable, then the settings for the longest matching name, then the default. */
export function profileFor(host: RegistryHost, settings: Settings, env: System['env']): ChosenProfile {
  const variable = env[VARIABLE];
  if (variable) return { name: checkProfileName(variable, VARIABLE), by: 'variable' };
  for (const name of namesOf(host)) {
    const profile = settings.registries?.[name]?.profile;
    if (profile !== undefined)
      return { name: checkProfileName(profile, `registries.${name}.profile`), by: 'settings' };
  }
  return { name: DEFAULT_PROFILE, by: null };
}

/** Letters, digits, dot, dash and underscore, in lower case: it becomes part of a file's name. */
export function checkProfileName(name: string, where: string): string {
  if (/^[a-z0-9][a-z0-9._-]{0,62}$/.test(name)) return name;
  // So long a word may be a key in the wrong place.
  const shown = name.length < 40 ? JSON.stringify(name) : `a word of ${name.length} letters`;
  throw new HelperError('bad-input', `${where}: ${shown} is not a name of a profile`, {
    hint: 'use lower case letters, digits, dots, dashes and underscores',
  });
}
