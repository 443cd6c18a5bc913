/** 128 random bits as hexadecimal digits: nobody guesses it, and nobody makes the same. */
export function randomName(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
