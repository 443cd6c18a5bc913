import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { credentialsOf, EXECUTABLE, helperOf, runHelper } from '../support/executable.ts';
import { LOOK_ALIKES } from '../support/look-alikes.ts';
import { makeHome } from '../support/test-home.ts';
import { typeAt } from '../support/typing.ts';

/** Byte for byte what clients send, expect and compare (docker-credential-helpers, clients seen). */
const NOT_FOUND = { code: 1, stdout: 'credentials not found in native keychain\n', stderr: '' };

describe('arguments', () => {
  const usage =
    'Usage: docker-credential-icr <get|store|erase|list|version>, or --help for login and the other commands';
  const env = { HOME: '/nonexistent' };

  it.each([[[]], [['get', 'us.icr.io']], [['', '']], [['']]])('%j: usage on stdout, exit 1', async (args) => {
    expect(await runHelper(args, { env })).toEqual({ code: 1, stdout: `${usage}\n`, stderr: '' });
  });

  it('names an unknown action', async () => {
    expect(await runHelper(['gett'], { env })).toEqual({
      code: 1,
      stdout: 'docker-credential-icr: unknown action: gett\n',
      stderr: '',
    });
  });

  it.each(['version', '-v', '--version'])('%s', async (flag) => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
    const stdout = `docker-credential-icr (npm docker-credential-icr) ${version}\n`;
    expect(await runHelper([flag], { env })).toEqual({ code: 0, stdout, stderr: '' });
  });

  it('--help', async () => {
    const run = await runHelper(['--help'], { env });
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(run.stdout).toContain('get, store, erase or list');
  });
});

describe('store and get of any registry', () => {
  it.each([
    ['without a newline', ''],
    ['with a newline', '\n'],
    ['with CRLF', '\r\n'],
  ])('gives back what was stored, %s', async (_, ending) => {
    const { env } = makeHome();
    const stored = {
      ServerURL: 'https://registry.example:5000/v1/',
      Username: 'anna',
      Secret: 'pä$$\n"w\u2028',
    };
    const store = await runHelper(['store'], { env, input: JSON.stringify(stored) + ending });
    expect(store).toMatchObject({ code: 0, stdout: '' });
    const get = await runHelper(['get'], { env, input: stored.ServerURL + ending });
    expect(get).toEqual({ code: 0, stdout: `${JSON.stringify(stored)}\n`, stderr: '' });
  });

  it('takes what Go writes: <token> escaped, unknown keys', async () => {
    const { env } = makeHome();
    const input = '{"ServerURL":"r.example","Username":"\\u003ctoken\\u003e","Secret":"s","Extra":[1]}\n';
    expect((await runHelper(['store'], { env, input })).code).toBe(0);
    expect(credentialsOf(await helperOf(env).get('r.example'))?.Username).toBe('<token>');
  });

  it('keeps docker’s three keys of Docker Hub apart', async () => {
    const helper = helperOf(makeHome().env);
    const keys = ['', 'access-token', 'refresh-token'].map((end) => `https://index.docker.io/v1/${end}`);
    for (const key of keys) await helper.store(key, 'anna', `secret of ${key}`);
    for (const key of keys) expect(credentialsOf(await helper.get(key))?.Secret).toBe(`secret of ${key}`);
    expect(await helper.get('https://index.docker.io/v1')).toEqual(NOT_FOUND);
    expect(JSON.parse((await helper.list()).stdout)).toEqual(
      Object.fromEntries(keys.map((key) => [key, 'anna'])),
    );
  });

  it('replaces, erases, and erases again without an error', async () => {
    const helper = helperOf(makeHome().env);
    await helper.store('r.example', 'anna', 'one');
    await helper.store('r.example', 'berta', 'two');
    expect(credentialsOf(await helper.get('r.example'))).toMatchObject({ Username: 'berta', Secret: 'two' });
    for (let times = 0; times < 3; times++) {
      expect(await helper.erase('r.example')).toEqual({ code: 0, stdout: '', stderr: '' });
      expect(await helper.get('r.example')).toEqual(NOT_FOUND);
    }
    expect(await helper.list()).toEqual({ code: 0, stdout: '{}\n', stderr: '' });
  });

  it('lists without reading its input', async () => {
    const { env } = makeHome();
    expect(await runHelper(['list'], { env, input: null })).toEqual({ code: 0, stdout: '{}\n', stderr: '' });
    expect(await runHelper(['list'], { env, input: 'unused' })).toEqual({
      code: 0,
      stdout: '{}\n',
      stderr: '',
    });
  });

  it('never sends cp.icr.io, private.cp.icr.io, dd.icr.io and dd0.icr.io to IAM: stored and returned as they are', async () => {
    // No IAM is reachable here: an answer can only be what was stored.
    const helper = helperOf(makeHome({ ICR_API_KEY: 'k'.repeat(44) }).env);
    for (const host of ['cp.icr.io', 'private.cp.icr.io', 'dd.icr.io', 'dd0.icr.io']) {
      expect(await helper.get(host)).toEqual(NOT_FOUND);
      await helper.store(host, 'cp', 'an entitlement key');
      expect(credentialsOf(await helper.get(host))).toEqual({
        ServerURL: host,
        Username: 'cp',
        Secret: 'an entitlement key',
      });
    }
  });
});

describe('names that are not ICR’s', () => {
  it('get the not-found sentence although a key is there, whatever the look', async () => {
    const { env } = makeHome({ ICR_API_KEY: 'k'.repeat(44), ICR_CREDENTIAL_KIND: 'iamapikey' });
    for (const name of LOOK_ALIKES.filter((name) => name.trim() !== '')) {
      expect([name, await runHelper(['get'], { env, input: name })]).toEqual([name, NOT_FOUND]);
    }
  });
});

describe('bad input', () => {
  const GOOD = { ServerURL: 'us.icr.io', Username: 'iamapikey', Secret: 'k'.repeat(44) };
  const store = (changes: object) => JSON.stringify({ ...GOOD, ...changes });

  it.each([
    ['store', 'nothing', ''],
    ['store', 'no JSON', 'us.icr.io'],
    ['store', 'cut JSON', store({}).slice(0, -5)],
    ['store', 'an array', '[]'],
    ['store', 'null', 'null'],
    ['store', 'a number', '7'],
    ['store', 'a string', '"us.icr.io"'],
    ['store', 'two objects', `${store({})}${store({})}`],
    ['store', 'no ServerURL', store({ ServerURL: undefined })],
    ['store', 'an empty ServerURL', store({ ServerURL: '' })],
    ['store', 'a number as ServerURL', store({ ServerURL: 7 })],
    ['store', 'an object as ServerURL', store({ ServerURL: {} })],
    ['store', 'a newline in ServerURL', store({ ServerURL: 'us.icr.io\nus.icr.io' })],
    ['store', 'a NUL in ServerURL', store({ ServerURL: 'us.icr.io\0' })],
    ['store', 'a long ServerURL', store({ ServerURL: 'a'.repeat(3000) })],
    ['store', 'no Username', store({ Username: undefined })],
    ['store', 'an empty Username', store({ Username: '' })],
    ['store', 'an array as Username', store({ Username: ['iamapikey'] })],
    ['store', 'an escape sequence in Username', store({ Username: 'a\u001b[31m' })],
    ['store', 'no Secret', store({ Secret: undefined })],
    ['store', 'a number as Secret', store({ Secret: 12 })],
    ['store', 'an empty API key', store({ Secret: '' })],
    ['store', 'an API key of two words', store({ Secret: 'two words' })],
    ['store', 'a placeholder as API key', store({ Secret: '{apikey}' })],
    ['store', 'a non-ASCII API key', store({ Secret: 'kéy' })],
    ['store', 'an access token that is none', store({ Username: 'iambearer', Secret: 'abc' })],
    ['store', '1 MB', store({ Secret: 'k'.repeat(1024 * 1024) })],
    ['store', 'invalid UTF-8', Buffer.from([0x7b, 0xff, 0xfe])],
    ['store', 'a byte order mark', `\ufeff${store({})}`],
    ['get', 'nothing', ''],
    ['get', 'a newline', '\n'],
    ['get', 'blanks', '  \n'],
    ['get', 'a NUL', 'us.icr.io\0'],
    ['get', 'a carriage return inside', 'us.icr.io\rattacker.example'],
    ['get', 'a line feed inside', 'us.icr.io\nattacker.example'],
    ['get', 'two newlines', 'us.icr.io\n\n'],
    ['get', 'U+2028 inside', 'us.icr.io\u2028attacker.example'],
    ['get', 'an escape sequence', 'us.icr.io\u001b[2J'],
    ['get', '1 MB', 'a'.repeat(1024 * 1024)],
    ['get', 'invalid UTF-8', Buffer.from([0xff, 0xfe])],
    ['erase', 'nothing', ''],
    ['erase', 'a NUL', 'us.icr.io\0'],
    ['erase', '1 MB', 'a'.repeat(1024 * 1024)],
  ])('%s, %s: one line on both streams, exit 1, nothing changed', async (verb, _, input) => {
    const home = makeHome();
    await helperOf(home.env).store('r.example', 'anna', 'kept');
    const before = snapshot(home.folder);
    const run = await runHelper([verb], { env: home.env, input });
    expect(run.code).toBe(1);
    expect(run.stdout).toMatch(/^[^\p{Cc}]{1,1000}\n$/u);
    expect(run.stdout).not.toBe(NOT_FOUND.stdout);
    expect(run.stderr).toBe(run.stdout);
    expect(snapshot(home.folder)).toEqual(before);
  });

  it.each([
    ['get', '', 'no credentials server URL'],
    ['erase', '', 'no credentials server URL'],
    ['store', store({ ServerURL: '' }), 'no credentials server URL'],
    ['store', store({ ServerURL: undefined }), 'no credentials server URL'],
    ['store', store({ Username: '' }), 'no credentials username'],
    ['store', store({ Username: undefined }), 'no credentials username'],
  ])('%s %s: the sentence that clients compare', async (verb, input, sentence) => {
    expect(await runHelper([verb], { env: makeHome().env, input })).toMatchObject({
      code: 1,
      stdout: `${sentence}\n`,
    });
  });

  it('never repeats the input, which may be a secret', async () => {
    const run = await runHelper(['store'], { env: makeHome().env, input: '{"Secret":"canary-canary' });
    expect(run.stdout + run.stderr).not.toContain('canary');
  });
});

describe('a standard input that says nothing', () => {
  it('ends after ten seconds with a line that says what is expected', async () => {
    const run = await runHelper(['get'], { env: makeHome().env, input: null });
    expect(run).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('a registry (such as us.icr.io) is expected'),
    });
  });

  it('is told at once at a terminal', async () => {
    const run = await typeAt(`${EXECUTABLE} get 2>/dev/null`, [], makeHome().env);
    expect(run.stdout).toContain('is expected on standard input');
  });
});

/** Every file below a folder with its content. */
function snapshot(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(files.sort().map((file) => [file, readFileSync(file, 'base64')]));
}
