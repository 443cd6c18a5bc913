import { mkdirSync, writeFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { parseComputeToken, readComputeToken } from '../../../src/iam/compute-token.ts';
import { makeHome } from '../../support/test-home.ts';

/** The files of a container: what is under /var/run/secrets comes from here. */
const container = vi.hoisted(() => ({ files: {} as Record<string, string> }));
vi.mock('../../../src/read-file.ts', async (original) => {
  const files = await original<typeof import('../../../src/read-file.ts')>();
  return {
    ...files,
    readSmallFile: (path: string) => {
      if (!path.startsWith('/var/run/secrets/')) return files.readSmallFile(path);
      const content = container.files[path];
      if (content === 'EACCES') throw Object.assign(new Error('no'), { code: 'EACCES' });
      return content === undefined ? null : new TextEncoder().encode(content);
    },
  };
});

const VAULT = '/var/run/secrets/tokens/vault-token';
const CLUSTER = '/var/run/secrets/tokens/sa-token';
const CODE_ENGINE = '/var/run/secrets/codeengine.cloud.ibm.com/compute-resource-token/token';

describe('the token of a container', () => {
  it.each([
    [{ [VAULT]: 'vault', [CLUSTER]: 'cluster', [CODE_ENGINE]: 'engine' }, 'vault'],
    [{ [CLUSTER]: 'cluster\n', [CODE_ENGINE]: 'engine' }, 'cluster'],
    [{ [VAULT]: 'EACCES', [CODE_ENGINE]: 'engine' }, 'engine'],
  ])('is in the first of the usual files that can be read: %j', (files, token) => {
    container.files = files;
    expect(readComputeToken(null).reveal()).toBe(token);
  });

  it('is nowhere on other machines', () => {
    container.files = { [VAULT]: 'EACCES' };
    expect(() => readComputeToken(null)).toThrow(
      expect.objectContaining({
        code: 'bad-input',
        message: `there is no compute resource token (${VAULT}, ${CLUSTER}, ${CODE_ENGINE})`,
        hint: expect.stringContaining('tokenFile'),
      }),
    );
  });

  it('a usual file that holds something else is an error that names it', () => {
    container.files = { [CLUSTER]: 'two words' };
    expect(() => readComputeToken(null)).toThrow(`${CLUSTER} does not hold a compute resource token`);
  });
});

describe('a file that is named', () => {
  const read = (content?: string | null) => {
    const { folder } = makeHome();
    const path = `${folder}/token`;
    if (content === null) mkdirSync(path);
    else if (content !== undefined) writeFileSync(path, content, { mode: 0o644 });
    return () => readComputeToken({ path, name: 'tokenFile' }).reveal();
  };

  it('may be readable by all: the platform lays it so', () => {
    expect(read('a.b.c\n')()).toBe('a.b.c');
  });

  it.each([
    [undefined, /^tokenFile names \/.*\/token, which does not exist$/],
    [null, /^tokenFile names \/.*\/token, which cannot be read$/],
    ['', /^the file \/.*\/token that tokenFile names does not hold a compute resource token$/],
  ])('%j is an error', (content, message) => {
    expect(read(content)).toThrow(
      expect.objectContaining({ code: 'bad-input', message: expect.stringMatching(message) }),
    );
  });

  it('that cannot be read has a cause, one that is not there has none', () => {
    expect(read(null)).toThrow(
      expect.objectContaining({ cause: expect.objectContaining({ code: 'EISDIR' }) }),
    );
    expect(read()).toThrow(expect.not.objectContaining({ cause: expect.anything() }));
  });
});

it.each(['', ' ', 'two words', 'a\nb', 'a\u001b', 'ü', 'a\u007f'])('%j is no token', (text) => {
  expect(() => parseComputeToken(text, 'it')).toThrow('it does not hold a compute resource token');
});
