import { checkProfileName, DEFAULT_PROFILE } from '../../config/profiles.ts';
import { HelperError } from '../../errors.ts';
import { namesOf, parseRegistryHost, type Realm } from '../../registry-host.ts';
import { profileRecord, type RecordName, registryRecord } from '../../stores/records.ts';
import type { CommandInput } from '../command.ts';

/** What a login is for. */
export interface Target {
  records: RecordName[];
  realm: Realm;
  /** All of them are reached over IBM Cloud's private network. */
  isPrivate: boolean;
  /** Null for registries. */
  profile: string | null;
  label: string;
  /** For which clients have to ask the helper; none means all. */
  hosts: string[];
}

/** From --profile and --registry; without either the default profile. */
export function targetOf(input: CommandInput): Target {
  const registries = input.values('registry').map(parseRegistry);
  const profile = input.value('profile');
  if (registries.length > 0 && profile !== undefined) {
    throw new HelperError('usage', '--profile and --registry do not go together', {
      hint: 'log in with --profile, and name the profile for the registry with docker-credential-icr config set',
    });
  }
  if (registries.length === 0) {
    const name = checkProfileName(profile ?? DEFAULT_PROFILE, '--profile');
    const label = name === DEFAULT_PROFILE ? 'all ICR registries' : `the profile ${name}`;
    return {
      records: [profileRecord(name)],
      realm: 'production',
      isPrivate: false,
      profile: name,
      label,
      hosts: [],
    };
  }
  const realms = new Set(registries.map(({ realm }) => realm));
  const [realm = 'production'] = realms;
  if (realms.size > 1)
    throw new HelperError('bad-input', 'staging and production have different keys', {
      hint: 'log in to each by itself',
    });
  const names = registries.map(({ name }) => name);
  return {
    records: names.map(registryRecord),
    realm,
    isPrivate: registries.every(({ isPrivate }) => isPrivate),
    profile: null,
    label: names.join(', '),
    hosts: [...new Set(registries.map(({ host }) => host))],
  };
}

interface TargetRegistry {
  name: string;
  host: string;
  realm: Realm;
  isPrivate: boolean;
}

function parseRegistry(value: string): TargetRegistry {
  const host = parseRegistryHost(value);
  if (!host) {
    throw new HelperError('bad-input', `${value} is not a registry of IBM Cloud Container Registry`, {
      hint: 'name one such as us.icr.io, or us.icr.io/namespace',
    });
  }
  const { name, realm, isPrivate } = host;
  return { name: namesOf(host)[0] ?? name, host: name, realm, isPrivate };
}
