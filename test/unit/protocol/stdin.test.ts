import { spawnSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { readStdin } from '../../../src/protocol/stdin.ts';
import { closeInput, readFrom, readInput } from '../../support/standard-input.ts';

vi.mock('node:fs', async () => (await import('../../support/standard-input.ts')).standIn);

/** No test has a terminal: this one says that everything is one that could be. */
const terminal = vi.hoisted(() => ({ isThere: false }));
vi.mock('node:tty', () => ({ isatty: () => terminal.isThere }));

const KIB = 1024;

describe('what comes in', () => {
  it.each([
    ['text', 'us.icr.io\n'],
    ['nothing', ''],
    ['letters of several bytes', 'ü€😀'],
    ['a byte order mark, which is content', '\ufeffx'],
    ['as much as is allowed', 'x'.repeat(128 * KIB)],
    ['letters across the border of two reads', `${'x'.repeat(64 * KIB - 1)}€`],
  ])('may be %s', async (_, text) => {
    readInput(text);
    expect(await readStdin('a word')).toBe(text);
  });

  it.each([
    ['longer than 128 KiB', 'x'.repeat(128 * KIB + 1), 'the input is larger than 128 KiB'],
    ['no UTF-8', new Uint8Array([0x78, 0xff]), 'the input is not UTF-8 text'],
    ['cut off in a letter', new Uint8Array([0xe2, 0x82]), 'the input is not UTF-8 text'],
  ])('may not be %s', async (_, content, message) => {
    readInput(content);
    await expect(readStdin('a word')).rejects.toMatchObject({ code: 'bad-input', message });
  });

  it('is nothing where standard input is closed', async () => {
    closeInput();
    expect(await readStdin('a word')).toBe('');
  });

  it('is nothing from /dev/null', async () => {
    readFrom('/dev/null');
    expect(await readStdin('a word')).toBe('');
  });
});

describe('a pipe', () => {
  const missing = {
    code: 'bad-input',
    message: 'no input: a word is expected on standard input',
    hint: expect.stringContaining('pipe it in'),
  };

  /** Its reading end does not block, as some programs leave it; the writer decides when it ends. */
  function makePipe() {
    const folder = mkdtempSync(`${tmpdir()}/icr-pipe-`);
    onTestFinished(() => rmSync(folder, { recursive: true }));
    spawnSync('mkfifo', [`${folder}/pipe`]);
    readFrom(`${folder}/pipe`, constants.O_RDONLY | constants.O_NONBLOCK);
    const writer = openSync(`${folder}/pipe`, 'w');
    return { write: (text: string) => writeSync(writer, text), end: () => closeSync(writer) };
  }

  it('is read in parts until its end, and waited for', async () => {
    const pipe = makePipe();
    const reading = readStdin('a word');
    for (const part of ['us.', 'icr', '.io']) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      pipe.write(part);
    }
    pipe.end();
    expect(await reading).toBe('us.icr.io');
  });

  it('that says nothing is not waited for without end', async () => {
    const pipe = makePipe();
    await expect(readStdin('a word', { idleMs: 30 })).rejects.toMatchObject(missing);
    // Nor is what comes after that lost on the next who asks.
    pipe.write('late');
    await new Promise((resolve) => setTimeout(resolve, 50));
    pipe.end();
    expect(await readStdin('a word')).toBe('late');
  });

  it('a terminal is not waited for at all', async () => {
    terminal.isThere = true;
    readFrom('/dev/null');
    await expect(readStdin('a word')).rejects.toMatchObject(missing);
    // A pipe or file is none, whoever says so.
    readInput('text');
    expect(await readStdin('a word')).toBe('text');
    terminal.isThere = false;
  });
});
