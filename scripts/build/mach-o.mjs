// What a Mach-O file says of its signature: mach-o/loader.h of xnu. All numbers are in little-endian order.
const MAGIC_64 = 0xfeedfacf;
const HEADER_SIZE = 32;
const LC_SEGMENT_64 = 0x19;
const LC_CODE_SIGNATURE = 0x1d;

/**
 * @typedef {object} Part
 * @property {number} command where its load command is
 * @property {number} start where its bytes are
 * @property {number} size
 */

/**
 * @param {Buffer} bytes a thin 64-bit Mach-O file
 * @returns {{ signature: Part | undefined, segments: ReadonlyMap<string, Part> }} segments by name
 * @throws where it is no such file
 */
export function readMachO(bytes) {
  if (bytes.readUInt32LE(0) !== MAGIC_64) throw new Error('no thin 64-bit Mach-O file');
  /** @type {Map<string, Part>} */
  const segments = new Map();
  let signature;
  let command = HEADER_SIZE;
  for (let left = bytes.readUInt32LE(16); left > 0; left--) {
    const kind = bytes.readUInt32LE(command);
    if (kind === LC_CODE_SIGNATURE) {
      signature = { command, start: bytes.readUInt32LE(command + 8), size: bytes.readUInt32LE(command + 12) };
    }
    if (kind === LC_SEGMENT_64) {
      const name = bytes.toString('latin1', command + 8, command + 24).replace(/\0+$/, '');
      const [start, size] = [40, 48].map((at) => Number(bytes.readBigUInt64LE(command + at)));
      segments.set(name, { command, start: start ?? 0, size: size ?? 0 });
    }
    command += bytes.readUInt32LE(command + 4);
  }
  return { signature, segments };
}
