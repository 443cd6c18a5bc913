import { realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import type { App } from '../app.ts';
import { checkProfileName } from '../config/profiles.ts';
import { checkSettings, type ProfileSettings, readSettings, type Settings } from '../config/settings.ts';
import {
  isBooleanSetting,
  parseSettingKey,
  SETTING_NAMES,
  type SettingPath,
  unknownKeys,
} from '../config/settings-schema.ts';
import { HelperError } from '../errors.ts';
import { explain } from '../explain.ts';
import { makePrivateFolder, writePrivateFile } from '../files.ts';
import { parseIssuer } from '../iam/endpoint.ts';
import { nearestOf } from '../nearest.ts';
import { parseRegistryHost } from '../registry-host.ts';
import { checkProfileSetting } from '../sources/profile-settings.ts';
import type { System } from '../system.ts';
import { EXIT, type Run } from './command.ts';

export const run: Run = async (input, { app, terminal }) => {
  const [action = '', key, value] = input.arguments;
  const { settingsFile: file } = app.paths;
  if (action === 'path') {
    terminal.print(file);
    return EXIT.done;
  }
  const settings = readSettings(file);
  for (const { key: unknown, nearest } of unknownKeys(settings)) {
    terminal.warn(`${file}: nobody knows ${unknown}${nearest ? `, did you mean ${nearest}?` : ''}`);
  }
  switch (action) {
    case 'list':
      terminal.print(JSON.stringify(settings, null, 2));
      return EXIT.done;
    case 'get': {
      const found = valueAt(settings, parsePath(key));
      if (found === undefined) return EXIT.failed;
      terminal.print(String(found));
      return EXIT.done;
    }
    case 'set':
      await set(settings, parsePath(key), required(value), app);
      return EXIT.done;
    case 'unset':
      save(withValue(settings, parsePath(key), undefined), file, app.context.system);
      return EXIT.done;
    default:
      throw new HelperError('usage', `config does not know ${action}`, {
        hint: 'use get, set, unset, list or path',
      });
  }
};

async function set(settings: Settings, path: SettingPath, text: string, app: App): Promise<void> {
  const value = await checked(path, text);
  save(withValue(settings, path, value), app.paths.settingsFile, app.context.system);
}

function parsePath(key: string | undefined): SettingPath {
  if (key === undefined) throw new HelperError('bad-input', 'no setting is named', { hint: KEYS_HINT });
  const path = parseSettingKey(key);
  if (path) return path;
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
      if (property === 'profile') checkProfileName(text, text);
      break;
    case 'profiles':
      checkProfileName(member ?? '', member ?? '');
      await checkProfileSetting(property as keyof ProfileSettings, text, path.join('.'));
      break;
  }
  return isBooleanSetting(path) ? parseBoolean(text, group) : text;
}

function requireRegistry(name: string): void {
  if (parseRegistryHost(name)) return;
  throw new HelperError('bad-input', `${name} is not a registry of IBM Cloud Container Registry`, {
    hint: 'name one such as us.icr.io, or us.icr.io/namespace',
  });
}

function parseBoolean(text: string, name: string): boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  throw new HelperError('bad-input', `${name} is neither true nor false`, { hint: 'nothing was changed' });
}

type Members = Record<string, Record<string, unknown>>;

function valueAt(settings: Settings, path: SettingPath): unknown {
  const top = settings as Record<string, unknown>;
  if (path.length === 1) return top[path[0]];
  const [group, member, property] = path;
  return (top[group] as Members | undefined)?.[member]?.[property];
}

/** A copy with one setting changed; a member or group with nothing left in it goes too. */
function withValue(settings: Settings, path: SettingPath, value: string | boolean | undefined): object {
  if (path.length === 1) return changed({ ...settings }, path[0], value);
  const [group, member, property] = path;
  const members = { ...((settings as Record<string, unknown>)[group] as Members | undefined) };
  const entry = changed({ ...members[member] }, property, value);
  const next = changed(members, member, Object.keys(entry).length > 0 ? entry : undefined);
  return changed({ ...settings }, group, Object.keys(next).length > 0 ? next : undefined);
}

function changed(object: Record<string, unknown>, key: string, value: unknown): Record<string, unknown> {
  const { [key]: _, ...rest } = object;
  return value === undefined ? rest : { ...object, [key]: value };
}

/** Through a link to the file that it stands for: dotfiles live elsewhere. */
function save(settings: object, file: string, system: System): void {
  refuseBadValues(settings);
  makePrivateFolder(dirname(file), system);
  writePrivateFile(target(file), `${JSON.stringify(settings, null, 2)}\n`);
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

function target(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}
