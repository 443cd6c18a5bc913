// Whether the code signature within a Mach-O file fits the file: macOS starts nothing on arm64 without one
// that does. The structures are those of xnu's osfmk/kern/cs_blobs.h, all in big-endian order.
import { createHash } from 'node:crypto';

const LC_CODE_SIGNATURE = 0x1d;
const CODE_DIRECTORY = 0xfade0c02;
const SHA_256 = 2;
const AD_HOC = 0x2;

/**
 * @param {Buffer} bytes a thin 64-bit Mach-O file
 * @returns {'none' | 'broken' | 'ad hoc' | 'identity'} `broken` is one whose hashes are not the file's;
 * whether an identity is what it says is not looked at
 */
export function signatureOf(bytes) {
  const blobs = findSignature(bytes);
  if (!blobs) return 'none';
  const directory = findDirectory(blobs);
  if (!directory || !hashesFit(bytes, directory)) return 'broken';
  return directory.readUInt32BE(12) & AD_HOC ? 'ad hoc' : 'identity';
}

/** The load commands follow the header of 32 bytes, each with its kind and size. @param {Buffer} bytes */
function findSignature(bytes) {
  for (let at = 32, left = bytes.readUInt32LE(16); left > 0; left--, at += bytes.readUInt32LE(at + 4)) {
    if (bytes.readUInt32LE(at) !== LC_CODE_SIGNATURE) continue;
    const start = bytes.readUInt32LE(at + 8);
    return bytes.subarray(start, start + bytes.readUInt32LE(at + 12));
  }
  return null;
}

/** CS_SuperBlob: magic, length, count, then a kind and an offset for each blob. @param {Buffer} blobs */
function findDirectory(blobs) {
  if (blobs.length < 12) return null;
  for (let index = 0; index < blobs.readUInt32BE(8); index++) {
    const start = blobs.readUInt32BE(12 + 8 * index + 4);
    if (blobs.readUInt32BE(start) === CODE_DIRECTORY) return blobs.subarray(start);
  }
  return null;
}

/** CS_CodeDirectory: one hash for each page of the file, up to where the signature begins. @param {Buffer} bytes @param {Buffer} directory */
function hashesFit(bytes, directory) {
  const [hashOffset, slots, limit] = [16, 28, 32].map((at) => directory.readUInt32BE(at));
  const size = directory.readUInt8(36);
  const page = 2 ** directory.readUInt8(39);
  if (hashOffset === undefined || slots === undefined || limit === undefined) return false;
  if (directory.readUInt8(37) !== SHA_256 || slots !== Math.ceil(limit / page)) return false;
  for (let slot = 0; slot < slots; slot++) {
    const content = bytes.subarray(slot * page, Math.min((slot + 1) * page, limit));
    const hash = createHash('sha256').update(content).digest().subarray(0, size);
    const at = hashOffset + slot * size;
    if (!hash.equals(directory.subarray(at, at + size))) return false;
  }
  return true;
}
