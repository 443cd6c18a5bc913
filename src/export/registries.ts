import { HelperError } from '../errors.ts';
import { parseServerURL } from '../protocol/wire.ts';
import { ICR_HOSTS, namesOf, parseRegistryHost, type RegistryHost } from '../registry-host.ts';

/** Which registries the command line names. */
export interface Selection {
  named: readonly string[];
  /** Every public name of ICR too. */
  allRegions: boolean;
  /** The private name of each of ICR's too. */
  withPrivate: boolean;
}

export interface SelectedRegistry {
  /** As clients name it. */
  name: string;
  /** Null for registries other than ICR. */
  host: RegistryHost | null;
  /** Nobody named this one by itself: without a login it is left out. */
  isOptional: boolean;
}

/** Each once, in the order of the command line; none at all is `bad-input`. */
export function selectRegistries({ named, allRegions, withPrivate }: Selection): SelectedRegistry[] {
  const wanted = [
    ...named.map((name) => ({ ...parseRegistry(name), isOptional: false })),
    ...(allRegions ? PUBLIC_HOSTS : []).map((name) => ({ ...parseRegistry(name), isOptional: true })),
  ];
  const selected = new Map<string, SelectedRegistry>();
  for (const registry of withPrivate ? wanted.flatMap((one) => [one, ...privateOf(one)]) : wanted) {
    if (!selected.has(registry.name)) selected.set(registry.name, registry);
  }
  if (selected.size > 0) return [...selected.values()];
  throw new HelperError('bad-input', 'no registry is named', {
    hint: 'add --registry us.icr.io, or --all-regions',
  });
}

const PUBLIC_HOSTS = ICR_HOSTS.filter((name) => !name.startsWith('private.'));

/** Docker's name for Docker Hub, which podman, kubelet and Code Engine know as well. */
export const DOCKER_HUB = 'https://index.docker.io/v1/';
const DOCKER_HUB_NAMES = /^(?:https:\/\/)?(?:index\.|registry-1\.)?docker\.io(?:\/(?:v1\/?)?)?$/i;

function parseRegistry(value: string): Omit<SelectedRegistry, 'isOptional'> {
  if (value.includes(',')) {
    throw new HelperError('bad-input', `${value} is not the name of one registry`, {
      hint: 'repeat --registry for each',
    });
  }
  const host = parseRegistryHost(value);
  if (host) return { name: namesOf(host)[0] ?? host.name, host };
  const name = parseServerURL(value);
  return { name: DOCKER_HUB_NAMES.test(name) ? DOCKER_HUB : name, host: null };
}

function privateOf({ name, ...rest }: SelectedRegistry): SelectedRegistry[] {
  const host = rest.host && parseRegistryHost(`private.${name}`);
  return host ? [{ ...rest, name: `private.${name}`, host }] : [];
}
