// Whether the code signature within a Mach-O file fits the file: macOS starts nothing on arm64 without one
// that does. The structures are those of xnu's osfmk/kern/cs_blobs.h, all in big-endian order.
import { createHash } from 'node:crypto';
import { readMachO } from '../build/mach-o.mjs';

const SUPER_BLOB = 0xfade0cc0;
const CODE_DIRECTORY = 0xfade0c02;
const SHA_256 = 2;
const AD_HOC = 0x2;

/**
 * @param {Buffer} bytes a thin 64-bit Mach-O file
 * @returns {'none' | 'broken' | 'ad hoc' | 'identity'} `broken` is one whose hashes or place are not the file's;
 * whether an identity is what it says is not looked at
 */
export function signatureOf(bytes) {
  const { signature, segments } = readMachO(bytes);
  if (!signature) return 'none';
  const end = signature.start + signature.size;
  const linkedit = segments.get('__LINKEDIT');
  // codesign --strict wants nothing behind it, and nothing that no segment has.
  if (!linkedit || end !== bytes.length || end !== linkedit.start + linkedit.size) return 'broken';
  try {
    const directory = findDirectory(bytes.subarray(signature.start, end));
    if (!directory || !hashesFit(bytes, directory, signature.start)) return 'broken';
    return directory.readUInt32BE(12) & AD_HOC ? 'ad hoc' : 'identity';
  } catch (error) {
    // It leads out of the file.
    if (error instanceof RangeError) return 'broken';
    throw error;
  }
}

/** CS_SuperBlob: magic, length, count, then a kind and an offset for each blob. @param {Buffer} blobs */
function findDirectory(blobs) {
  if (blobs.readUInt32BE(0) !== SUPER_BLOB) return null;
  for (let index = 0; index < blobs.readUInt32BE(8); index++) {
    const start = blobs.readUInt32BE(12 + 8 * index + 4);
    if (blobs.readUInt32BE(start) === CODE_DIRECTORY) return blobs.subarray(start);
  }
  return null;
}

/**
 * CS_CodeDirectory: one hash for each page of the file, up to where the signature begins.
 * @param {Buffer} bytes @param {Buffer} directory @param {number} begin
 */
function hashesFit(bytes, directory, begin) {
  const [hashOffset, slots, limit] = [16, 28, 32].map((at) => directory.readUInt32BE(at));
  const size = directory.readUInt8(36);
  const page = 2 ** directory.readUInt8(39);
  if (hashOffset === undefined || slots === undefined || limit !== begin) return false;
  if (directory.readUInt8(37) !== SHA_256 || slots !== Math.ceil(limit / page)) return false;
  for (let slot = 0; slot < slots; slot++) {
    const content = bytes.subarray(slot * page, Math.min((slot + 1) * page, limit));
    const hash = createHash('sha256').update(content).digest().subarray(0, size);
    const at = hashOffset + slot * size;
    if (!hash.equals(directory.subarray(at, at + size))) return false;
  }
  return true;
}
