import { parseRegistryHost, type RegistryHost } from '../../src/registry-host.ts';

/** A name that is known to be ICR's. */
export function hostOf(serverURL: string): RegistryHost {
  const host = parseRegistryHost(serverURL);
  if (!host) throw new Error(`${serverURL} is no ICR host`);
  return host;
}
