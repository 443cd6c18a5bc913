import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readMachO } from '../../scripts/build/mach-o.mjs';
import { signAdHoc, signProgram } from '../../scripts/build/sign-mach-o.mjs';
import { bunPath } from '../../scripts/bun.mjs';
import { signatureOf } from '../../scripts/check-release/mach-o-signature.mjs';
import { tinyMachO } from '../support/tiny-mach-o.ts';

const work = mkdtempSync(join(tmpdir(), 'icr-sign-'));
afterAll(() => rmSync(work, { recursive: true }));

/** What Bun's compiler makes of a script with the tiny program as its runtime. */
function compiled(cpu: 'x64' | 'arm64'): Buffer {
  const [runtime, script, outfile] = ['runtime', 'script.js', 'out'].map((name) =>
    join(work, `${cpu}-${name}`),
  );
  writeFileSync(runtime ?? '', tinyMachO(cpu), { mode: 0o755 });
  // More than a page, so that Bun has to move what is behind it.
  writeFileSync(script ?? '', `console.log('${'long '.repeat(10_000)}')`);
  const target = [`--target=bun-darwin-${cpu}`, `--compile-executable-path=${runtime}`];
  execFileSync(bunPath(), ['build', '--compile', ...target, script ?? '', '--outfile', outfile ?? ''], {
    stdio: 'ignore',
  });
  return readFileSync(outfile ?? '');
}

function changed(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

describe('an ad hoc signature', () => {
  it('is what Bun’s own compiler gives, byte for byte', () => {
    const bytes = compiled('arm64');
    expect(signatureOf(bytes)).toBe('ad hoc');
    expect(signAdHoc(bytes, 'a.out').equals(bytes)).toBe(true);
  });

  it('says anew how much of memory its segment takes', () => {
    const bytes = compiled('arm64');
    const other = Buffer.from(bytes);
    const { command } = readMachO(other).segments.get('__LINKEDIT') ?? { command: 0 };
    other.writeBigUInt64LE(0n, command + 32);
    expect(signAdHoc(other, 'a.out').equals(bytes)).toBe(true);
  });

  it('mends what that compiler leaves broken', () => {
    const bytes = compiled('x64');
    expect(signatureOf(bytes)).toBe('broken');
    expect(signatureOf(signAdHoc(bytes, 'a.out'))).toBe('ad hoc');
  });

  it('takes the place of one that is longer or shorter, and of itself', () => {
    const signed = signAdHoc(tinyMachO('x64'), 'x');
    expect(signed.length).toBeLessThan(tinyMachO('x64').length);
    const longer = signAdHoc(signed, 'a-name-that-takes-more');
    expect(longer.length).toBe(signed.length + 'a-name-that-takes-more'.length - 1);
    expect(signatureOf(longer)).toBe('ad hoc');
    expect(signAdHoc(longer, 'x')).toEqual(signed);
  });

  it('fits no file with a changed byte, with more bytes or with less', () => {
    const signed = signAdHoc(tinyMachO('x64'), 'x');
    // The header, the pages up to the last one, which is not full, and its hash.
    for (const at of [24, 4095, 4096, 32_767, 33_071, signed.length - 1])
      expect(signatureOf(changed(signed, at)), `byte ${at}`).toBe('broken');
    expect(signatureOf(Buffer.concat([signed, Buffer.alloc(1)]))).toBe('broken');
    expect(signatureOf(signed.subarray(0, -1))).toBe('broken');
    expect(signatureOf(tinyMachO('x64'))).toBe('broken');
  });

  it('is not put where there was none, or where something follows it', () => {
    expect(() => signAdHoc(Buffer.alloc(64, 0x7f), 'x')).toThrow('no thin 64-bit Mach-O file');
    expect(() => signAdHoc(Buffer.concat([tinyMachO('x64'), Buffer.alloc(1)]), 'x')).toThrow('not the end');
    const unsigned = tinyMachO('x64');
    // One load command less: that of the signature is the last.
    unsigned.writeUInt32LE(unsigned.readUInt32LE(16) - 1, 16);
    expect(signatureOf(unsigned)).toBe('none');
    expect(() => signAdHoc(unsigned, 'x')).toThrow('signed before');
  });

  it.skipIf(process.platform === 'win32')('leaves a program its mode, and is known by its name', () => {
    const program = join(work, 'a-program');
    writeFileSync(program, tinyMachO('x64'), { mode: 0o750 });
    signProgram(program);
    expect(readFileSync(program).equals(signAdHoc(tinyMachO('x64'), 'a-program'))).toBe(true);
    expect(statSync(program).mode & 0o777).toBe(0o750);
  });
});
