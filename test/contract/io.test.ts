import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** What is in the executable, and what is in the Node flavour and on other systems. */
const KINDS = ['libc', 'node:fs'] as const;

interface Report {
  waits: boolean;
  outcomes: Record<string, unknown>;
}

let folder: string;
const reports = {} as Record<(typeof KINDS)[number], Report>;

beforeAll(() => {
  folder = mkdtempSync(`${tmpdir()}/icr-io-`);
  const files = `${folder}/files`;
  mkdirSync(`${files}/folder`, { recursive: true });
  writeFileSync(`${files}/file`, 'content');
  writeFileSync(`${files}/empty`, '');
  writeFileSync(`${files}/größe-€`, 'big');
  writeFileSync(`${files}/closed`, 'x', { mode: 0 });
  writeFileSync(`${files}/folder/one`, '');
  writeFileSync(`${files}/folder/two`, '');
  symlinkSync('file', `${files}/link`);
  symlinkSync('circle', `${files}/circle`);
  execFileSync('mkfifo', [`${files}/pipe`]);
  const build = (...options: string[]) =>
    execFileSync('node_modules/.bin/bun', ['build', 'test/support/io-worker.ts', ...options], {
      stdio: 'pipe',
    });
  build('--compile', '--outfile', `${folder}/worker`);
  build('--target=node', '--outfile', `${folder}/worker.mjs`);
  const report = (...command: [string, ...string[]]): Report => {
    const [program, ...args] = command;
    return JSON.parse(execFileSync(program, [...args, files], { encoding: 'utf8' }).replaceAll(files, ''));
  };
  reports.libc = report(`${folder}/worker`);
  reports['node:fs'] = report(process.execPath, `${folder}/worker.mjs`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(KINDS)('the calls of %s', (kind) => {
  const outcome = (call: string) => reports[kind].outcomes[call];

  it('are the ones that are meant', () => {
    expect(reports[kind].waits).toBe(kind === 'libc');
  });

  it.each([
    ['a file', [[7, 0], 'content\0\0\0']],
    ['a file that is longer', [[3, 3], 'con']],
    ['an empty file', [[0, 0], '\0\0\0\0']],
    ['a name of several bytes a letter', [[3, 0], 'big\0']],
    ['a link', [[7, 0], 'content\0\0\0']],
    ['a pipe that nobody writes into', [[0, 0], '\0\0\0\0']],
    ['a missing file', null],
    ['a file in a missing folder', null],
    ['a file below a file', null],
  ])('open and read %s', (call, expected) => {
    expect(outcome(call)).toEqual(expected);
  });

  it.each([
    ['a folder', 'EISDIR'],
    ['a link in a circle', 'ELOOP'],
    ['a name with a zero byte', 'ERR_INVALID_ARG_VALUE'],
    ['the status of a file that is not open', 'EBADF'],
    ['reading what is not open', 'EBADF'],
    ['writing into a file that is open to read', 'EBADF'],
    ['writing into nothing', 'EBADF'],
    ['names in a file', 'ENOTDIR'],
  ])('say what is wrong: %s', (call, code) => {
    expect(outcome(call)).toMatchObject({ code });
  });

  it.each([
    ['the status of a file', [true, false, false, 0o100644]],
    ['the status of a closed file', [true, false, false, 0o100000]],
    ['the status of a folder', [false, true, false, 0o040755]],
    ['the status of a link', [false, false, false, 0o120777]],
    ['the status of an open file', [true, false, false, 0o100644]],
  ])('tell %s', (call, expected) => {
    expect(outcome(call)).toEqual([...expected, process.geteuid?.(), process.getegid?.()]);
  });

  it('tell the status of a device, and whose it is', () => {
    const { uid, gid } = statSync('/dev/null');
    expect(outcome('the status of a device')).toEqual([false, false, true, 0o020666, uid, gid]);
  });

  it.each(['the status of nothing', 'the status of a name with a zero byte'])('tell nothing: %s', (call) => {
    expect(outcome(call)).toBe(null);
  });

  it('list the names in a folder', () => {
    expect(outcome('names in a folder')).toEqual(['one', 'two']);
  });
});
