// Signs a program for macOS ad hoc: by hashes of its pages, with no identity. It needs no Mac. Bun's compiler does
// so for arm64; in what it makes for x64 there is still the signature of its makers, which fits no more.
// The structures are those of xnu's osfmk/kern/cs_blobs.h, in big-endian order; what is chosen where Apple leaves
// a choice is what Bun and the linkers of Go and LLVM choose.
import { createHash } from 'node:crypto';
import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { readMachO } from './mach-o.mjs';

const PAGE = 4096;
const HASH_SIZE = 32;
/** CS_SuperBlob, with the place of one blob. */
const SUPER_BLOB = { magic: 0xfade0cc0, size: 20 };
/** CS_CodeDirectory up to the fields of its version, which tell of the executable segment. */
const CODE_DIRECTORY = { magic: 0xfade0c02, size: 88, version: 0x20400 };
/** CS_ADHOC, and CS_LINKER_SIGNED: whoever signs it with an identity may do so without force. */
const FLAGS = 0x2 | 0x20000;
/** CS_HASHTYPE_SHA256; each hash is of a page, whose size is given as a power of two. */
const HASHING = Buffer.from([HASH_SIZE, 2, 0, Math.log2(PAGE)]).readUInt32BE();
const CS_EXECSEG_MAIN_BINARY = 1;

/** Its name becomes the identifier. @param {string} program is replaced by the signed one */
export function signProgram(program) {
  const signed = signAdHoc(readFileSync(program), basename(program));
  // Another file: macOS remembers by file what it has found of a signature.
  const beside = `${program}.signed`;
  writeFileSync(beside, signed, { mode: statSync(program).mode });
  renameSync(beside, program);
}

/**
 * @param {Buffer} bytes a thin 64-bit program whose signature, fit or not, is the end of the file
 * @param {string} identifier what codesign --display shows
 * @returns {Buffer} the same with an ad hoc signature in the place of that one
 * @throws where there is none
 */
export function signAdHoc(bytes, identifier) {
  const { signature, segments } = readMachO(bytes);
  const [text, linkedit] = [segments.get('__TEXT'), segments.get('__LINKEDIT')];
  if (!signature || !text || !linkedit) throw new Error('no Mach-O program that has been signed before');
  const end = signature.start + signature.size;
  if (end !== bytes.length || end !== linkedit.start + linkedit.size)
    throw new Error('the signature is not the end of the program');

  const limit = signature.start;
  const pages = Math.ceil(limit / PAGE);
  const name = Buffer.from(`${identifier}\0`);
  const hashes = CODE_DIRECTORY.size + name.length;
  const directorySize = hashes + pages * HASH_SIZE;
  const size = SUPER_BLOB.size + directorySize;
  const signed = Buffer.alloc(limit + size);
  bytes.copy(signed, 0, 0, limit);
  // These are hashed, too.
  const linkeditSize = signed.length - linkedit.start;
  signed.writeUInt32LE(size, signature.command + 12);
  signed.writeBigUInt64LE(BigInt(Math.ceil(linkeditSize / PAGE) * PAGE), linkedit.command + 32);
  signed.writeBigUInt64LE(BigInt(linkeditSize), linkedit.command + 48);

  const none = 0;
  const blobs = [
    ...[SUPER_BLOB.magic, size, 1],
    // In slot 0.
    ...[0, SUPER_BLOB.size],
    ...[CODE_DIRECTORY.magic, directorySize, CODE_DIRECTORY.version, FLAGS],
    // Where the hashes and the identifier are, and how many hashes there are: of other things, and of pages.
    ...[hashes, CODE_DIRECTORY.size, none, pages, limit, HASHING],
    // spare2, scatterOffset, teamOffset, spare3, and codeLimit64, of 64 bits like all that follow.
    ...[none, none, none, none, ...[none, none]],
    ...[0, text.start, 0, text.size, 0, CS_EXECSEG_MAIN_BINARY],
  ];
  for (const [index, number] of blobs.entries()) signed.writeUInt32BE(number, limit + 4 * index);
  name.copy(signed, limit + SUPER_BLOB.size + CODE_DIRECTORY.size);
  for (let page = 0; page < pages; page++) {
    // The last one ends where the signature begins.
    const content = signed.subarray(page * PAGE, Math.min((page + 1) * PAGE, limit));
    const at = limit + SUPER_BLOB.size + hashes + page * HASH_SIZE;
    createHash('sha256').update(content).digest().copy(signed, at);
  }
  return signed;
}
