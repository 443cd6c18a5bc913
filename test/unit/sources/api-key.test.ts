import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseApiKey, readApiKeyFile } from '../../../src/sources/api-key.ts';
import type { System } from '../../../src/system.ts';
import { makeHome } from '../../support/test-home.ts';
import { testSystem } from '../../support/test-system.ts';

const KEY = 'abcDEF0123-_456';

describe('an API key', () => {
  it.each([KEY, `  ${KEY}\n`])('%j is one, without the blanks around it', (text) => {
    expect(parseApiKey(text, 'X')).toBe(KEY);
  });

  it.each(['x', 'x'.repeat(512), '!~', 'a"b', 'a{b}c'])('%j could be one', (text) => {
    expect(parseApiKey(text, 'X')).toBe(text);
  });

  it.each(['', ' \n'])('%j is empty', (text) => {
    expect(() => parseApiKey(text, 'standard input')).toThrow('standard input is empty');
  });

  it.each(['two words', 'a\nb', 'ü', 'x'.repeat(513), '{apikey}', '{a', 'a}', '"a', 'a"', 'a\u007f'])(
    '%j is none, and is not quoted',
    (text) => {
      expect(() => parseApiKey(text, 'ICR_API_KEY')).toThrow(
        expect.objectContaining({
          code: 'bad-input',
          message: 'ICR_API_KEY does not hold an IBM Cloud API key',
          hint: 'an API key is one word without quotes or braces',
        }),
      );
    },
  );
});

describe('a file with a key', () => {
  const lay = (content: string, mode = 0o600) => {
    const path = `${makeHome().folder}/key`;
    writeFileSync(path, content);
    chmodSync(path, mode);
    return path;
  };
  const read = (path: string, system: Partial<System> = {}) => readApiKeyFile(path, 'IT', testSystem(system));

  it.each([KEY, `\n${KEY}\n`, `{"name":"mine","apikey":"${KEY}"}`, ` {"apikey": "${KEY}"}\n`])(
    'may hold %j',
    (content) => {
      expect(read(lay(content))).toBe(KEY);
    },
  );

  it.each([
    ['', 'which is empty'],
    [' \n', 'which is empty'],
    ['{"apikey":7}', 'the JSON in the file that IT names has no apikey'],
    ['{"name":"x"}', 'the JSON in the file that IT names has no apikey'],
    ['{}', 'the JSON in the file that IT names has no apikey'],
    ['{', 'the file that IT names is no sound JSON'],
    ['two words', 'the file that IT names does not hold an IBM Cloud API key'],
  ])('may not hold %j', (content, problem) => {
    expect(() => read(lay(content))).toThrow(
      expect.objectContaining({ code: 'bad-input', message: expect.stringContaining(problem) }),
    );
  });

  it('of JSON without a key is told where one comes from, one that an option names to name another', () => {
    const hint = expect.stringContaining('ibmcloud iam api-key-create --file');
    for (const json of ['{', '{}']) expect(() => read(lay(json))).toThrow(expect.objectContaining({ hint }));
    expect(() => readApiKeyFile('/nowhere', '--apikey-file', testSystem())).toThrow(
      expect.objectContaining({ code: 'bad-input', hint: 'name another file' }),
    );
  });

  it('whose name no system takes cannot be read', () => {
    expect(() => read('/run/\0')).toThrow(
      expect.objectContaining({ message: expect.stringContaining('which cannot be read') }),
    );
  });

  it('is followed through a link', () => {
    const path = lay(KEY);
    symlinkSync(path, `${path}-link`);
    expect(read(`${path}-link`)).toBe(KEY);
  });

  it.each([
    [0o604, 'every user of this machine'],
    [0o644, 'every user of this machine'],
    [0o640, 'its group'],
  ])('that others can read (%i) is not used', (mode, readers) => {
    const path = lay(KEY, mode);
    expect(() => read(path)).toThrow(
      expect.objectContaining({
        code: 'bad-input',
        message: `IT names ${path}, which ${readers} can read: it is not used`,
        hint: `run chmod 600 ${path}`,
      }),
    );
  });

  it.each([0o600, 0o400, 0o622, 0o611])('with mode %i is ours alone', (mode) => {
    expect(read(lay(KEY, mode))).toBe(KEY);
  });

  it('of another owner is open to its group, or we would not have it', () => {
    expect(read(lay(KEY, 0o640), { euid: (process.geteuid?.() ?? 0) + 1 })).toBe(KEY);
  });

  it.runIf(process.geteuid?.() === 0)(
    'of root’s may be open to a group that root is in besides its own',
    () => {
      const path = lay(KEY, 0o440);
      chownSync(path, 0, 2000);
      expect(read(path, { groups: () => [0, 2000] })).toBe(KEY);
      expect(() => read(path, { groups: () => [0, 2001] })).toThrow('its group can read');
      chownSync(path, 0, 0);
      expect(() => read(path, { groups: () => [0] })).toThrow('its group can read');
    },
  );

  it.runIf(process.geteuid?.() === 0)('of any other user may not', () => {
    const path = lay(KEY, 0o440);
    chownSync(path, 1000, 2000);
    expect(() => read(path, { euid: 1000, groups: () => [2000] })).toThrow('its group can read');
  });

  it('has no modes on Windows', () => {
    expect(read(lay(KEY, 0o644), { platform: 'win32', euid: -1 })).toBe(KEY);
  });

  it('may be a pipe, whose modes mean nothing', () => {
    const path = `${makeHome().folder}/pipe`;
    spawnSync('mkfifo', ['-m', '644', path]);
    // Nobody writes into it.
    expect(() => read(path)).toThrow('which is empty');
  });

  it('that is not there, or no file, is an error that says so', () => {
    const { folder } = makeHome();
    expect(() => read(`${folder}/none`)).toThrow(
      expect.objectContaining({
        message: `IT names ${folder}/none, which does not exist`,
        hint: 'correct or unset it',
      }),
    );
    mkdirSync(`${folder}/folder`);
    expect(() => read(`${folder}/folder`)).toThrow(
      expect.objectContaining({
        message: `IT names ${folder}/folder, which is a folder`,
        hint: 'correct or unset it',
        cause: expect.objectContaining({ code: 'EISDIR' }),
      }),
    );
  });
});
