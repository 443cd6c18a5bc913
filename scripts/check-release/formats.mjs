// What can be said of an executable without running it: for which system and processor it is, and
// whether it is signed.
import { readFileSync } from 'node:fs';
import { signatureOf } from './mach-o-signature.mjs';

/**
 * @typedef {object} Format
 * @property {'ELF' | 'Mach-O' | 'PE'} kind
 * @property {'x64' | 'arm64'} cpu
 * @property {ReturnType<typeof signatureOf>} signature
 */

/** @param {string} file @returns {Format} */
export function formatOf(file) {
  const bytes = readFileSync(file);
  if (bytes.readUInt32BE(0) === 0x7f454c46) return elf(bytes);
  if (bytes.readUInt32LE(0) === 0xfeedfacf) return machO(bytes);
  if (bytes.readUInt16BE(0) === 0x4d5a) return pe(bytes);
  throw new Error(`${file} is no executable of a system that is known here`);
}

/** elf(5): e_machine. @param {Buffer} bytes @returns {Format} */
function elf(bytes) {
  const cpu = cpuOf(bytes.readUInt16LE(18), { 62: 'x64', 183: 'arm64' });
  return { kind: 'ELF', cpu, signature: 'none' };
}

/** mach-o/loader.h: cputype. @param {Buffer} bytes @returns {Format} */
function machO(bytes) {
  const cpu = cpuOf(bytes.readUInt32LE(4), { 16777223: 'x64', 16777228: 'arm64' });
  return { kind: 'Mach-O', cpu, signature: signatureOf(bytes) };
}

/**
 * Microsoft's PE format: Machine in the header; the fifth of the data directories is the certificate
 * table, whose content is not looked at.
 * @param {Buffer} bytes @returns {Format}
 */
function pe(bytes) {
  const header = bytes.readUInt32LE(0x3c);
  const cpu = cpuOf(bytes.readUInt16LE(header + 4), { 34404: 'x64', 43620: 'arm64' });
  const certificates = bytes.readUInt32LE(header + 24 + 112 + 4 * 8 + 4);
  return { kind: 'PE', cpu, signature: certificates > 0 ? 'identity' : 'none' };
}

/** @param {number} machine @param {Record<number, 'x64' | 'arm64'>} known */
function cpuOf(machine, known) {
  const cpu = known[machine];
  if (!cpu) throw new Error(`made for another processor: ${machine.toString(16)}`);
  return cpu;
}
