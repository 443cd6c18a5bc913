import type { webcrypto } from 'node:crypto';

/**
 * Sealing of small files: AES-256-GCM with a fresh 96-bit nonce each time. WebCrypto and not
 * node:crypto, which costs 2 ms to load.
 *
 * Layout: version (1 byte), nonce (12), ciphertext with tag. What identifies the content is
 * authenticated with it, so that a sealed file cannot be renamed into another's place.
 */
const VERSION = 1;
const NONCE_BYTES = 12;

export type SealingKey = webcrypto.CryptoKey;

export const KEY_BYTES = 32;

export function importSealingKey(raw: Uint8Array<ArrayBuffer>): Promise<SealingKey> {
  return crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt']);
}

/** What is shorter is hashed at once, without the thread. */
const PAST_INLINE = 4096;

/**
 * WebCrypto works on a thread, and starting one can take longer than all the rest of a `get`. Called
 * early, it starts while the key and the file are read.
 */
export function wakeCrypto(): void {
  void crypto.subtle.digest('SHA-256', new Uint8Array(PAST_INLINE));
}

export async function seal(key: SealingKey, identity: string, content: string): Promise<Uint8Array> {
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const sealed = await crypto.subtle.encrypt(
    parameters(nonce, identity),
    key,
    new TextEncoder().encode(content),
  );
  const file = new Uint8Array(1 + NONCE_BYTES + sealed.byteLength);
  file[0] = VERSION;
  file.set(nonce, 1);
  file.set(new Uint8Array(sealed), 1 + NONCE_BYTES);
  return file;
}

/** The content, or null if the file is of another key, identity or version, or damaged. */
export async function unseal(key: SealingKey, identity: string, file: Uint8Array): Promise<string | null> {
  if (file[0] !== VERSION || file.length <= 1 + NONCE_BYTES) return null;
  const nonce = new Uint8Array(file.slice(1, 1 + NONCE_BYTES));
  const sealed = new Uint8Array(file.slice(1 + NONCE_BYTES));
  try {
    return new TextDecoder().decode(await crypto.subtle.decrypt(parameters(nonce, identity), key, sealed));
  } catch {
    return null;
  }
}

function parameters(nonce: Uint8Array<ArrayBuffer>, identity: string): webcrypto.AesGcmParams {
  return { name: 'AES-GCM', iv: nonce, additionalData: new TextEncoder().encode(`${VERSION}\n${identity}`) };
}
