import type { SecretStore } from './secret-store.ts';

/** A key in the keychain, made if there is none. Of two that are made at once the last one stays. */
export async function readOrMakeKeychainKey(
  name: string,
  bytes: number,
  keychain: SecretStore,
): Promise<Uint8Array<ArrayBuffer>> {
  const found = decode(await keychain.get(name), bytes);
  if (found) return found;
  await keychain.set(name, Buffer.from(crypto.getRandomValues(new Uint8Array(bytes))).toString('base64url'));
  const kept = decode(await keychain.get(name), bytes);
  if (kept) return kept;
  throw new Error('the keychain does not keep a key');
}

function decode(text: string | null, bytes: number): Uint8Array<ArrayBuffer> | null {
  const key = text === null ? null : new Uint8Array(Buffer.from(text, 'base64url'));
  return key?.length === bytes ? key : null;
}
