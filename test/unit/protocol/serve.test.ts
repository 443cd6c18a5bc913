import { describe, expect, it, vi } from 'vitest';
import { HelperError } from '../../../src/errors.ts';
import type { CredentialHelper } from '../../../src/protocol/helper.ts';
import { serve, type Verb } from '../../../src/protocol/serve.ts';
import type { Credentials } from '../../../src/protocol/wire.ts';
import { Secret } from '../../../src/secret.ts';
import { readFrom, readInput } from '../../support/standard-input.ts';

vi.mock('node:fs', async () => (await import('../../support/standard-input.ts')).standIn);

/** No test has a terminal: here everything is one that could be. */
vi.mock('node:tty', () => ({ isatty: () => true }));

/** Keeps what it is told in memory, by server URL. */
function memoryHelper(): CredentialHelper & { kept: Map<string, Credentials> } {
  const kept = new Map<string, Credentials>();
  return {
    kept,
    get: async (serverURL) => kept.get(serverURL) ?? null,
    store: async (credentials) => void kept.set(credentials.serverURL, credentials),
    erase: async (serverURL) => void kept.delete(serverURL),
    list: async () => Object.fromEntries([...kept].map(([name, { username }]) => [name, username])),
  };
}

const call = (verb: Verb, input: string, helper: CredentialHelper) => {
  readInput(input);
  return serve(verb, async () => helper);
};

const STORED = '{"ServerURL":"r.example","Username":"anna","Secret":"word"}';
const DONE = { stdout: '', stderr: '', exitCode: 0 };

describe('the protocol', () => {
  it('stores, lists, gets and erases', async () => {
    const helper = memoryHelper();
    expect(await call('store', STORED, helper)).toEqual(DONE);
    expect(helper.kept.get('r.example')?.secret.reveal()).toBe('word');
    expect(await call('list', '', helper)).toEqual({ ...DONE, stdout: '{"r.example":"anna"}\n' });
    expect(await call('get', 'r.example\n', helper)).toEqual({ ...DONE, stdout: `${STORED}\n` });
    expect(await call('erase', 'r.example\n', helper)).toEqual(DONE);
    expect(helper.kept.size).toBe(0);
  });

  it('says that there is nothing in the words that clients wait for, on stdout alone', async () => {
    expect(await call('get', 'r.example', memoryHelper())).toEqual({
      stdout: 'credentials not found in native keychain\n',
      stderr: '',
      exitCode: 1,
    });
  });

  it.each<[Verb, string, string]>([
    ['get', '', 'no credentials server URL'],
    ['erase', '\n', 'no credentials server URL'],
    ['store', '{"ServerURL":"r.example","Secret":"word"}', 'no credentials username'],
  ])('%s says %j as clients compare it', async (verb, input, sentence) => {
    const text = `${sentence}\n`;
    expect(await call(verb, input, memoryHelper())).toEqual({ stdout: text, stderr: text, exitCode: 1 });
  });
});

describe('what is expected', () => {
  it.each<[Verb, string]>([
    ['get', 'a registry (such as us.icr.io)'],
    ['erase', 'a registry (such as us.icr.io)'],
    ['store', 'a JSON object with ServerURL, Username and Secret'],
  ])('by %s is said to who types it', async (verb, expected) => {
    readFrom('/dev/null');
    const { stderr } = await serve(verb, async () => memoryHelper());
    expect(stderr).toContain(`no input: ${expected} is expected on standard input; `);
  });
});

describe('a failure', () => {
  const failing = (error: unknown) => ({ ...memoryHelper(), list: () => Promise.reject(error) });

  it.each([
    [new HelperError('busy', 'it hurts'), 'docker-credential-icr: it hurts\n'],
    [new HelperError('busy', 'it hurts', { hint: 'rest' }), 'docker-credential-icr: it hurts; rest\n'],
    [new Error('one\ntwo\x1b[31m'), 'docker-credential-icr: one two [31m\n'],
  ])('is one line on both streams: %s', async (error, text) => {
    expect(await call('list', '', failing(error))).toEqual({ stdout: text, stderr: text, exitCode: 1 });
  });

  it('to make the helper is one too', async () => {
    const { stderr, exitCode } = await serve('list', () => Promise.reject(new Error('no home')));
    expect([stderr, exitCode]).toEqual(['docker-credential-icr: no home\n', 1]);
  });

  it('never shows the secret that was to be stored', async () => {
    const helper = {
      ...memoryHelper(),
      store: async () => Promise.reject(new Error(`${new Secret('word')}`)),
    };
    expect((await call('store', STORED, helper)).stderr).toBe('docker-credential-icr: [secret]\n');
  });
});
