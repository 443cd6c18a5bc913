interface Hash {
  update(text: string): Hash;
  digest(encoding: 'hex'): string;
}

interface BunCrypto {
  CryptoHasher: new (algorithm: 'sha256', key?: Uint8Array) => Hash;
}

// Not by WebCrypto, which hands the work to a thread and waits for it.

/** SHA-256 of text as hexadecimal digits. */
export function sha256(text: string): string {
  return start().update(text).digest('hex');
}

/** HMAC-SHA-256 of text as hexadecimal digits. */
export function hmacSha256(key: Uint8Array, text: string): string {
  return start(key).update(text).digest('hex');
}

function start(key?: Uint8Array): Hash {
  const { Bun } = globalThis as { Bun?: BunCrypto };
  if (Bun) return new Bun.CryptoHasher('sha256', key);
  const { createHash, createHmac } = process.getBuiltinModule('node:crypto');
  return key ? createHmac('sha256', key) : createHash('sha256');
}
