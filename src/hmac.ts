interface Hmac {
  update(text: string): Hmac;
  digest(encoding: 'hex'): string;
}

interface BunCrypto {
  CryptoHasher: new (algorithm: 'sha256', key: Uint8Array) => Hmac;
}

/** HMAC-SHA-256 as hexadecimal digits. Not by WebCrypto, which hands it to a thread and waits. */
export function hmacSha256(key: Uint8Array, text: string): string {
  const { Bun } = globalThis as { Bun?: BunCrypto };
  const hmac: Hmac = Bun
    ? new Bun.CryptoHasher('sha256', key)
    : process.getBuiltinModule('node:crypto').createHmac('sha256', key);
  return hmac.update(text).digest('hex');
}
