import type { System } from './system.ts';

/** What every program needs that other programs start. Everything else stays with us: keys above all. */
const USUAL = [
  ...['HOME', 'PATH', 'LANG', 'LANGUAGE', 'LC_ALL', 'TMPDIR', 'TEMP', 'TMP'],
  ...['SystemRoot', 'SystemDrive', 'USERPROFILE', 'HOMEDRIVE', 'HOMEPATH'],
  ...['APPDATA', 'LOCALAPPDATA', 'ProgramData'],
];

/** The environment of a program that we start: the usual variables and those of these names. */
export function childEnvironment(names: readonly string[], env: System['env']): Record<string, string> {
  const passedOn = [...USUAL, ...names].flatMap((name) => {
    const value = env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(passedOn);
}
