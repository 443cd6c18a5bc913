import type { webcrypto } from 'node:crypto';
import { HelperError } from '../errors.ts';
import { readKeyFile } from '../key-file.ts';
import { readOrMakeKeyFile } from '../make-key-file.ts';
import { readSmallFile } from '../read-file.ts';
import { KEY_BYTES } from '../sealing.ts';
import type { System } from '../system.ts';
import type { FileSecrets } from './file-secrets.ts';
import type { SecretStore } from './secret-store.ts';

type RawKey = Uint8Array<ArrayBuffer>;

export interface FileStoreOptions {
  files: FileSecrets;
  /** Where the key lies if the environment names none: apart from the sealed files. */
  stateFolder: string;
  system: System;
}

/** Sealed files and a key for all of them: for servers, CI and containers without a keychain. */
export function createFileStore(options: FileStoreOptions): SecretStore {
  const { files } = options;
  return {
    kind: 'file',
    get: async (name) => {
      const sealed = files.load(name);
      if (sealed === null) return null;
      const key = await findKey(options, readKeyFile);
      const value = key && (await files.open(name, sealed, key));
      if (value) return value;
      throw new HelperError('store-damaged', 'the file store does not open with the key at hand', {
        hint: `set ${KEY_FILE} or ${PASSPHRASE} as it was when the secret was stored, or log in again`,
      });
    },
    set: async (name, value) => {
      const key = await findKey(options, readOrMakeKeyFile);
      if (!key) throw new Error('no key for the file store');
      await files.write(name, value, key);
    },
    delete: async (name) => files.remove(name),
  };
}

const KEY_FILE = 'ICR_STORE_KEY_FILE';
const PASSPHRASE = 'ICR_STORE_PASSPHRASE';

async function findKey(options: FileStoreOptions, fromState: typeof readKeyFile): Promise<RawKey | null> {
  const { env } = options.system;
  if (env[KEY_FILE]) return fromKeyFile(env[KEY_FILE]);
  if (env[PASSPHRASE]) return fromPassphrase(env[PASSPHRASE]);
  const { stateFolder, system } = options;
  return fromState({ folder: stateFolder, path: `${stateFolder}/store-key`, bytes: KEY_BYTES }, system);
}

/** A systemd credential, a CI secret: any file with at least 32 bytes that are hard to guess. */
async function fromKeyFile(path: string): Promise<RawKey> {
  const content = readKeyMaterial(path);
  if (content.length < KEY_BYTES) {
    throw new HelperError('bad-input', `${KEY_FILE} ${path} has fewer than ${KEY_BYTES} bytes`, {
      hint: 'make one with head -c 32 /dev/urandom, or use ICR_STORE_PASSPHRASE',
    });
  }
  const key = await crypto.subtle.importKey('raw', content, 'HKDF', false, ['deriveBits']);
  return derive({ name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(0), info: SALT }, key);
}

function readKeyMaterial(path: string): RawKey {
  let content: Uint8Array | null;
  try {
    content = readSmallFile(path);
  } catch (cause) {
    throw new HelperError('bad-input', `${KEY_FILE} ${path} cannot be read`, {
      hint: 'make it readable for this user',
      cause,
    });
  }
  if (content) return new Uint8Array(content);
  throw new HelperError('bad-input', `${KEY_FILE} names ${path}, which does not exist`, {
    hint: 'correct or unset it',
  });
}

/** OWASP's figure for PBKDF2 with SHA-256 (Password Storage Cheat Sheet); about 0.1 s. */
const ITERATIONS = 600_000;
const SALT = new TextEncoder().encode('docker-credential-icr file store');

async function fromPassphrase(passphrase: string): Promise<RawKey> {
  const bytes = new TextEncoder().encode(passphrase);
  const key = await crypto.subtle.importKey('raw', bytes, 'PBKDF2', false, ['deriveBits']);
  return derive({ name: 'PBKDF2', hash: 'SHA-256', salt: SALT, iterations: ITERATIONS }, key);
}

async function derive(
  algorithm: webcrypto.HkdfParams | webcrypto.Pbkdf2Params,
  key: webcrypto.CryptoKey,
): Promise<RawKey> {
  return new Uint8Array(await crypto.subtle.deriveBits(algorithm, key, KEY_BYTES * 8));
}
