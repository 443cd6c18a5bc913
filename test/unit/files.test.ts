import { mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makePrivateFolder, writePrivateFile } from '../../src/files.ts';
import { testSystem } from '../support/test-system.ts';

const system = testSystem();

function makePlace(): string {
  const folder = mkdtempSync(join(tmpdir(), 'icr-files-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

it('makes a folder and what is missing above it, for nobody else, and again without a word', () => {
  const folder = makePlace();
  for (let times = 0; times < 2; times++) makePrivateFolder(join(folder, 'a/b/c'), system);
  for (const path of ['a', 'a/b', 'a/b/c']) expect(statSync(join(folder, path)).mode & 0o7777).toBe(0o700);
});

it('takes no file for a folder', () => {
  const folder = makePlace();
  writeFileSync(join(folder, 'a'), '');
  for (const path of ['a', 'a/b']) expect(() => makePrivateFolder(join(folder, path), system)).toThrow();
});

describe('what killed writers have left', () => {
  const temporary = (name: string) => `${name}.${'0f'.repeat(16)}.tmp`;
  const folderWith = (names: readonly string[]) => {
    const folder = makePlace();
    for (const name of names) {
      writeFileSync(join(folder, name), '');
      utimesSync(join(folder, name), 1, 1);
    }
    return folder;
  };

  it('goes with the next file that is written there', () => {
    const folder = folderWith([temporary('one'), temporary('other'), 'one.tmp']);
    writePrivateFile(join(folder, 'one'), 'x');
    expect(readdirSync(folder).sort()).toEqual(['one', 'one.tmp']);
  });

  it('is only what is called like the file, in a folder where other programs write too', () => {
    const folder = folderWith([temporary('one'), temporary('other')]);
    writePrivateFile(join(folder, 'one'), 'x', { amongOthers: true });
    expect(readdirSync(folder).sort()).toEqual(['one', temporary('other')]);
  });

  it('is found beside a file that is named without a folder', () => {
    const before = process.cwd();
    onTestFinished(() => process.chdir(before));
    process.chdir(folderWith([temporary('one')]));
    writePrivateFile('one', 'x');
    expect(readdirSync('.')).toEqual(['one']);
  });
});

describe('below what belongs to somebody else', () => {
  const stranger = (HOME: string) => testSystem({ env: { HOME }, euid: 54321 });

  it('says that the home directory does not exist, where it is that', () => {
    const home = join(makePlace(), 'home');
    expect(() => makePrivateFolder(join(home, '.local/share'), stranger(home))).toThrow(
      `the home directory ${home} does not exist`,
    );
  });

  it('says whose it is where there is one, or where it has nothing to do with it', () => {
    const place = makePlace();
    const refused = `${place} belongs to another user`;
    expect(() => makePrivateFolder(join(place, '.local/share'), stranger(place))).toThrow(refused);
    expect(() => makePrivateFolder(join(place, 'data'), stranger('/nonexistent'))).toThrow(refused);
  });
});

/** Node's own way to make a folder with those above it never came to an end here. */
it.runIf(process.platform === 'linux' && process.geteuid?.() === 0)('gives up where none can be made', () => {
  expect(() => makePrivateFolder('/proc/nothing/below', system)).toThrow('ENOENT');
});
