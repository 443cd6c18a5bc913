import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { type KeyFile, readKeyFile } from '../../src/key-file.ts';
import { readOrMakeKeyFile } from '../../src/make-key-file.ts';
import { fsError, withFsHook } from '../support/lock-fs.ts';
import { testSystem } from '../support/test-system.ts';

let hasLinks = true;

vi.mock('node:fs', async (original) => {
  const { interceptFs } = await import('../support/lock-fs.ts');
  const fs = interceptFs(await original());
  const linkSync: typeof fs.linkSync = (...args) => {
    if (!hasLinks) throw fsError('EPERM', 'link');
    fs.linkSync(...args);
  };
  return { ...fs, linkSync };
});

const system = testSystem();
let file: KeyFile;

beforeEach(() => {
  const home = mkdtempSync(`${tmpdir()}/key-file-`);
  onTestFinished(() => rmSync(home, { recursive: true }));
  file = { folder: `${home}/state`, path: `${home}/state/store-key`, bytes: 32 };
});

describe.each([
  ['with hard links', true],
  ['without hard links', false],
])('%s', (_, links) => {
  beforeEach(() => {
    hasLinks = links;
  });

  it('a key is made once', () => {
    expect(readKeyFile(file, system)).toBeNull();
    const key = readOrMakeKeyFile(file, system);
    expect(key).toHaveLength(32);
    expect(readOrMakeKeyFile(file, system)).toEqual(key);
    expect(readKeyFile(file, system)).toEqual(key);
    expect(readFileSync(file.path)).toHaveLength(32);
  });

  it('an empty file, which a kill has left, is none yet and becomes one', () => {
    mkdirSync(file.folder, { mode: 0o700 });
    writeFileSync(file.path, '');
    expect(readKeyFile(file, system)).toBeNull();
    const key = readOrMakeKeyFile(file, system);
    expect(key).toHaveLength(32);
    expect(readKeyFile(file, system)).toEqual(key);
  });

  it('whoever makes one while we do, at any step: both have the same', async () => {
    let steps = 0;
    await withFsHook(
      () => void steps++,
      () => readOrMakeKeyFile(file, system),
    );
    expect(steps).toBeGreaterThan(5);
    for (let step = 1; step <= steps; step++) {
      rmSync(file.folder, { recursive: true });
      let call = 0;
      let theirs: Uint8Array | undefined;
      const makeTheirs = () => {
        if (++call === step) theirs = readOrMakeKeyFile(file, system);
      };
      const ours = await withFsHook(makeTheirs, () => readOrMakeKeyFile(file, system));
      expect([step, ours]).toEqual([step, theirs]);
      expect(readKeyFile(file, system)).toEqual(ours);
    }
  });

  it.each([[5], [31], [33], [65]])('one of %i bytes is damaged', (bytes) => {
    mkdirSync(file.folder, { mode: 0o700 });
    writeFileSync(file.path, Buffer.alloc(bytes));
    expect(() => readOrMakeKeyFile(file, system)).toThrow('is not a key of ours');
  });

  it('a dangling link is not followed', () => {
    mkdirSync(file.folder, { mode: 0o700 });
    symlinkSync(`${file.folder}/elsewhere`, file.path);
    expect(() => readOrMakeKeyFile(file, system)).toThrow(/ELOOP/);
  });
});
