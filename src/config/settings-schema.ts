import { isObject } from '../json-object.ts';
import { nearestOf } from '../nearest.ts';
import { parseRegistryHost } from '../registry-host.ts';
import { COMPUTE_IDENTITIES, CREDENTIAL_KINDS, STORE_KINDS } from './settings.ts';

const KIND = { enum: CREDENTIAL_KINDS, description: 'What ICR hosts are answered with' };

/**
 * The settings file as JSON Schema (draft 2020-12), published as docs/settings.schema.json. `config`
 * and `doctor` take the known keys from here; the check on the hot path is readSettings().
 */
export const SETTINGS_SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Settings of docker-credential-icr',
  type: 'object',
  additionalProperties: false,
  properties: {
    $schema: { type: 'string' },
    credentialKind: { ...KIND, default: 'iambearer' },
    iamEndpoint: { type: 'string', format: 'uri', description: 'Base URL of IAM, for every credential' },
    privateIamEndpoint: {
      type: 'string',
      format: 'uri',
      description: 'Base URL of IAM for the private names of ICR',
    },
    ibmcloudSession: {
      type: 'boolean',
      default: true,
      description: 'Whether the session of the ibmcloud CLI is used',
    },
    store: { enum: STORE_KINDS, description: 'Where new secrets go' },
    registries: {
      type: 'object',
      description: 'By host name, or host name and namespace (us.icr.io/team)',
      additionalProperties: {
        type: 'object',
        additionalProperties: false,
        properties: {
          credentialKind: KIND,
          profile: {
            type: 'string',
            description: 'The profile that answers, if nothing is stored for the registry',
          },
        },
      },
    },
    profiles: {
      type: 'object',
      description: 'By name',
      additionalProperties: {
        type: 'object',
        additionalProperties: false,
        properties: {
          credentialKind: KIND,
          keyFile: { type: 'string', description: 'A file with an API key, absolute' },
          computeIdentity: {
            enum: COMPUTE_IDENTITIES,
            description: 'Where this machine gets an identity of its own',
          },
          tokenFile: {
            type: 'string',
            description: 'The file with the compute resource token of a container, absolute',
          },
          metadataUrl: {
            type: 'string',
            format: 'uri',
            description: 'Base URL of the instance metadata service',
          },
          trustedProfile: {
            type: 'string',
            description: 'The trusted profile to become: its id, CRN or name',
          },
          account: {
            type: 'string',
            description: 'Id of the account that the name of a trusted profile belongs to',
          },
        },
      },
    },
  },
} as const;

/** Where a setting stands: its name, or group, member and name. */
export type SettingPath = readonly [string] | readonly [string, string, string];

const GROUPS = ['registries', 'profiles'] as const;

/** What stands in the file and is known to nobody, with the nearest known name. */
export interface UnknownKey {
  key: string;
  nearest: string | null;
}

export function unknownKeys(settings: object): UnknownKey[] {
  const { properties } = SETTINGS_SCHEMA;
  const found = unknownIn(settings, Object.keys(properties), '');
  for (const group of GROUPS) {
    const known = Object.keys(properties[group].additionalProperties.properties);
    const members = (settings as Record<string, unknown>)[group];
    if (typeof members !== 'object' || members === null) continue;
    for (const [name, member] of Object.entries(members)) {
      if (typeof member === 'object' && member) found.push(...unknownIn(member, known, `${group}.${name}.`));
    }
  }
  return found;
}

function unknownIn(object: object, known: readonly string[], prefix: string): UnknownKey[] {
  const unknown = Object.keys(object).filter((key) => !known.includes(key));
  return unknown.map((key) => ({ key: prefix + key, nearest: nearestOf(key, known) }));
}

/** The known key that a dotted name means, or null. Host names have dots of their own. */
export function parseSettingKey(text: string): SettingPath | null {
  const { properties } = SETTINGS_SCHEMA;
  const group = GROUPS.find((name) => text.startsWith(`${name}.`));
  if (!group) return Object.hasOwn(properties, text) && !isGroup(text) && text !== '$schema' ? [text] : null;
  const [, member = '', property = ''] = /^[^.]+\.(.+)\.([^.]+)$/.exec(text) ?? [];
  const known = properties[group].additionalProperties.properties;
  return member !== '' && Object.hasOwn(known, property) ? [group, member, property] : null;
}

/**
 * What a dotted name means for reading and removing: groups and their members too, and whatever stands in
 * the file, known or not. Null for what is nowhere.
 */
export function parseStandingKey(text: string, settings: Record<string, unknown>): readonly string[] | null {
  if (Object.hasOwn(settings, text) || isGroup(text)) return [text];
  const group = GROUPS.find((name) => text.startsWith(`${name}.`));
  const members = group && settings[group];
  if (!isObject(members)) return parseSettingKey(text) ?? parseMember(text);
  const rest = text.slice(`${group}.`.length);
  if (Object.hasOwn(members, rest)) return [`${group}`, rest];
  for (const [name, member] of Object.entries(members)) {
    const property = rest.startsWith(`${name}.`) ? rest.slice(name.length + 1) : '';
    if (isObject(member) && Object.hasOwn(member, property)) return [`${group}`, name, property];
  }
  return parseSettingKey(text) ?? parseMember(text);
}

/** A host or profile that has no settings. */
function parseMember(text: string): readonly string[] | null {
  const [, group = '', name = ''] = /^(registries|profiles)\.(.+)$/.exec(text) ?? [];
  if (group === 'registries') return parseRegistryHost(name) ? [group, name] : null;
  return group === 'profiles' && !name.includes('.') ? [group, name] : null;
}

/** Whether it is written to the file as true or false, and not as text. */
export function isBooleanSetting([name]: SettingPath): boolean {
  const property = Object.entries(SETTINGS_SCHEMA.properties).find(([known]) => known === name)?.[1];
  return property !== undefined && 'type' in property && property.type === 'boolean';
}

function isGroup(name: string): boolean {
  return (GROUPS as readonly string[]).includes(name);
}

/** All settings, for messages and completion. */
export const SETTING_NAMES: readonly string[] = Object.entries(SETTINGS_SCHEMA.properties).flatMap(
  ([name, property]) => {
    if (name === '$schema') return [];
    if (!('additionalProperties' in property)) return [name];
    const placeholder = name === 'registries' ? 'HOST' : 'NAME';
    return Object.keys(property.additionalProperties.properties).map(
      (key) => `${name}.${placeholder}.${key}`,
    );
  },
);
