import { dirname } from 'node:path';
import { targetOf } from '../clients/file-text.ts';
import { checkProfileName } from '../config/profiles.ts';
import { checkSettings, type ProfileSettings, readSettingsFile } from '../config/settings.ts';
import {
  isBooleanSetting,
  parseSettingKey,
  parseStandingKey,
  SETTING_NAMES,
  type SettingPath,
  unknownKeys,
} from '../config/settings-schema.ts';
import { HelperError } from '../errors.ts';
import { explain } from '../explain.ts';
import { makePrivateFolder, writePrivateFile } from '../files.ts';
import { parseIssuer } from '../iam/endpoint.ts';
import { isObject } from '../json-object.ts';
import { nearestOf } from '../nearest.ts';
import { fullName, parseRegistryHost } from '../registry-host.ts';
import { checkProfileSetting } from '../sources/profile-settings.ts';
import type { System } from '../system.ts';
import { EXIT, type Run } from './command.ts';
import type { Action } from './definitions/config.ts';

export const run: Run = async (input, { app, terminal }) => {
  const [, key, value] = input.arguments;
  // Nothing but the choices of the definition comes here.
  const action = input.arguments[0] as Action;
  refuseExcess(action, input.arguments.length - 1);
  const { settingsFile: file } = app.paths;
  if (action === 'path') {
    terminal.print(file);
    return EXIT.done;
  }
  // Not through their check, or nothing here could mend them.
  const settings = readSettingsFile(file);
  const complain = (content: Record<string, unknown>) =>
    problemsIn(content, file).forEach((problem) => void terminal.warn(problem));
  switch (action) {
    case 'list':
      complain(settings);
      terminal.print(JSON.stringify(settings, null, 2));
      return EXIT.done;
    case 'get': {
      const found = valueAt(settings, parseStanding(key, settings));
      complain(settings);
      if (found === undefined) return EXIT.failed;
      terminal.print(isObject(found) ? JSON.stringify(found, null, 2) : String(found));
      return EXIT.done;
    }
    case 'set': {
      const next = await withChecked(settings, parsePath(key), required(value));
      save(next, file, app.context.system);
      complain(next);
      return EXIT.done;
    }
    case 'unset': {
      const next = withValue(settings, parseStanding(key, settings), undefined);
      save(next, file, app.context.system);
      complain(next);
      return EXIT.done;
    }
  }
};

/** Who writes `config get KEY VALUE` means set, and would take the old value for the answer to that. */
function refuseExcess(action: Action, words: number): void {
  const takesSetting = action === 'get' || action === 'unset';
  if (action === 'set' || words <= Number(takesSetting)) return;
  const problem = `config ${action} takes no ${takesSetting ? 'value' : 'setting'}`;
  throw new HelperError('usage', problem, { hint: 'use config set KEY VALUE to change a setting' });
}

/** What is there that nobody knows, and what keeps the program from working with it. */
function problemsIn(content: Record<string, unknown>, file: string): string[] {
  const unknown = unknownKeys(content).map(
    ({ key, nearest }) => `${file}: nobody knows ${key}${nearest ? `, did you mean ${nearest}?` : ''}`,
  );
  try {
    checkSettings(content, file);
    return unknown;
  } catch (error) {
    return [...unknown, explain(error).message];
  }
}

/** The new value alone has to be right: whoever mends several wrong ones does it one by one. */
async function withChecked(settings: Record<string, unknown>, path: SettingPath, text: string) {
  const value = await checked(path, text);
  refuseBadValues(withValue({}, path, value));
  return withValue(settings, path, value);
}

function parsePath(key: string | undefined): SettingPath {
  return (key === undefined ? null : parseSettingKey(key)) ?? refuseKey(key);
}

function parseStanding(key: string | undefined, settings: Record<string, unknown>): readonly string[] {
  return (key === undefined ? null : parseStandingKey(key, settings)) ?? refuseKey(key);
}

function refuseKey(key: string | undefined): never {
  if (key === undefined) throw new HelperError('bad-input', 'no setting is named', { hint: KEYS_HINT });
  const nearest = nearestOf(key, SETTING_NAMES);
  throw new HelperError('bad-input', `there is no setting ${key}`, {
    hint: nearest ? `did you mean ${nearest}?` : KEYS_HINT,
  });
}

const KEYS_HINT = `name one of ${SETTING_NAMES.join(', ')}`;

function required(value: string | undefined): string {
  if (value !== undefined) return value;
  throw new HelperError('bad-input', 'no value is given', { hint: 'use config unset to remove a setting' });
}

/** The value as it is written to the file. What only shows later would be wrong: addresses, hosts, paths. */
async function checked(path: SettingPath, text: string): Promise<string | boolean> {
  const [group, member, property] = path;
  switch (group) {
    case 'iamEndpoint':
    case 'privateIamEndpoint':
      parseIssuer(text, group);
      break;
    case 'registries':
      requireRegistry(member ?? '');
      if (property === 'profile') checkProfileName(text, path.join('.'));
      break;
    case 'profiles':
      checkProfileName(member ?? '', 'profiles');
      await checkProfileSetting(property as keyof ProfileSettings, text, path.join('.'));
      break;
  }
  return isBooleanSetting(path) ? parseBoolean(text, group) : text;
}

/** Letter by letter as it is compared with what a client asks for: anything else would have no effect. */
function requireRegistry(name: string): void {
  const host = parseRegistryHost(name);
  if (host && fullName(host) === name) return;
  if (host) {
    throw new HelperError('bad-input', `${name} is not how the settings name a registry`, {
      hint: `write it as ${fullName(host)}`,
    });
  }
  throw new HelperError('bad-input', `${name} is not a registry of IBM Cloud Container Registry`, {
    hint: 'name one such as us.icr.io, or us.icr.io/namespace',
  });
}

function parseBoolean(text: string, name: string): boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  throw new HelperError('bad-input', `${name} is neither true nor false`, { hint: 'nothing was changed' });
}

function valueAt(settings: Record<string, unknown>, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined),
    settings,
  );
}

/** A copy with one setting changed; a member or group with nothing left in it goes too. */
function withValue(
  settings: Record<string, unknown>,
  [key = '', ...rest]: readonly string[],
  value: string | boolean | undefined,
): Record<string, unknown> {
  if (rest.length === 0) return changed(settings, key, value);
  const inner = Object.hasOwn(settings, key) ? settings[key] : {};
  const next = withValue(isObject(inner) ? inner : {}, rest, value);
  return changed(settings, key, Object.keys(next).length > 0 ? next : undefined);
}

function changed(object: Record<string, unknown>, key: string, value: unknown): Record<string, unknown> {
  const { [key]: _, ...rest } = object;
  return value === undefined ? rest : { ...object, [key]: value };
}

/** Through a link to the file that it stands for: dotfiles live elsewhere. */
function save(settings: object, file: string, system: System): void {
  makePrivateFolder(dirname(file), system);
  writePrivateFile(targetOf(file), `${JSON.stringify(settings, null, 2)}\n`, { amongOthers: true });
}

/** In the words of the settings file's own check, but nothing is wrong with the file. */
function refuseBadValues(settings: object): void {
  try {
    checkSettings(settings, '');
  } catch (error) {
    throw new HelperError('bad-input', explain(error).message.replace(/^the settings file : /, ''), {
      hint: 'nothing was changed',
    });
  }
}
