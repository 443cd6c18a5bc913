import { STORE_KINDS, type StoreKind } from '../config/settings.ts';
import { makePrivateFolder, settlePrivateFile } from '../files.ts';
import { readSmallFile, textOf } from '../read-file.ts';
import type { System } from '../system.ts';
import { NoKeychainError } from './no-keychain.ts';
import type { SecretStore } from './secret-store.ts';

export interface PlacementOptions {
  stores: Record<StoreKind, () => Promise<SecretStore>>;
  dataFolder: string;
  stateFolder: string;
  /** From the settings. */
  configured: StoreKind | undefined;
  system: System;
}

/**
 * Puts a new secret into the keychain, or into the file store where there is no keychain. Chosen
 * once for a home and kept: a login over ssh must not scatter secrets that the desktop's logout
 * would then miss.
 */
export async function placeSecret(
  name: string,
  value: string,
  options: PlacementOptions,
): Promise<StoreKind> {
  const known = options.configured ?? readChoice(options);
  const kind = known ?? (await tryKeychain(name, value, options));
  if (known || kind === 'file') await (await options.stores[kind]()).set(name, value);
  if (!known) rememberChoice(kind, options);
  if (kind === 'file') options.system.warn(describeFileStore(options));
  return kind;
}

/** Where the next secret goes, as far as that is known before it is tried. */
export function intendedStore(options: PlacementOptions): StoreKind {
  return options.configured ?? readChoice(options) ?? 'keychain';
}

async function tryKeychain(name: string, value: string, { stores }: PlacementOptions): Promise<StoreKind> {
  try {
    await (await stores.keychain()).set(name, value);
    return 'keychain';
  } catch (error) {
    // One that is there but locked or hanging is an error: the person can do something about it.
    if (error instanceof NoKeychainError) return 'file';
    throw error;
  }
}

function choiceFile({ dataFolder }: PlacementOptions): string {
  return `${dataFolder}/store`;
}

function readChoice(options: PlacementOptions): StoreKind | undefined {
  const content = readSmallFile(choiceFile(options));
  // The first line: settlePrivateFile.
  const text = content && textOf(content).split('\n')[0]?.trim();
  return STORE_KINDS.find((kind) => kind === text);
}

function rememberChoice(kind: StoreKind, options: PlacementOptions): void {
  makePrivateFolder(options.dataFolder, options.system);
  settlePrivateFile(choiceFile(options), `${kind}\n`, { durable: true });
}

function describeFileStore({ stateFolder, system, dataFolder }: PlacementOptions): string {
  const external = system.env['ICR_STORE_KEY_FILE'] || system.env['ICR_STORE_PASSPHRASE'];
  if (external)
    return `no keychain is used: the secret lies in ${dataFolder}, sealed with the key that the environment names`;
  return `no keychain is used: the secret lies in ${dataFolder}, sealed with a key in ${stateFolder} that only file permissions protect`;
}
