import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type ClientFile, findClientFiles } from '../../../src/clients/client-files.ts';
import {
  applyChanges,
  type ConfigureRequest,
  planConfigure,
  planUnconfigure,
} from '../../../src/clients/configure-clients.ts';
import { inspectClientFile } from '../../../src/clients/inspect.ts';
import { testSystem } from '../../support/test-system.ts';

const HOSTS = ['us.icr.io'];
const system = testSystem();

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'icr-clients-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function fileAt(path: string, changes: Partial<ClientFile> = {}): ClientFile {
  return { client: 'docker', path, variable: null, isTemporary: false, ...changes };
}

function makeFile(text: string, mode = 0o600): ClientFile {
  const path = join(makeFolder(), 'config.json');
  writeFileSync(path, text);
  chmodSync(path, mode);
  return fileAt(path);
}

function configureClients(request: ConfigureRequest) {
  applyChanges(planConfigure(request), request.system);
}

function configure(...files: ClientFile[]) {
  configureClients({ files, hosts: HOSTS, system });
}

function unconfigure(...files: ClientFile[]) {
  applyChanges(planUnconfigure({ files, hosts: [], system }), system);
}

const entriesOf = ({ path }: ClientFile) => JSON.parse(readFileSync(path, 'utf8')).credHelpers;

describe('a file', () => {
  it.each([0o600, 0o644, 0o640, 0o400])('keeps its mode %o', (mode) => {
    const file = makeFile('{}', mode);
    configure(file);
    expect(statSync(file.path).mode & 0o777).toBe(mode);
    expect(entriesOf(file)).toEqual({ 'us.icr.io': 'icr' });
    expect(readdirSync(join(file.path, '..'))).toEqual(['config.json']);
  });

  it('behind symbolic links is changed there, and the links stay', () => {
    const folder = makeFolder();
    mkdirSync(join(folder, 'dotfiles'));
    writeFileSync(join(folder, 'dotfiles/docker.json'), '{"a": 1}');
    symlinkSync('dotfiles', join(folder, 'linked'));
    symlinkSync('linked/docker.json', join(folder, 'config.json'));
    const file = fileAt(join(folder, 'config.json'));
    configure(file);
    expect(lstatSync(file.path).isSymbolicLink()).toBe(true);
    expect(lstatSync(join(folder, 'dotfiles/docker.json')).isSymbolicLink()).toBe(false);
    expect(entriesOf(file)).toEqual({ 'us.icr.io': 'icr' });
    unconfigure(file);
    expect(readFileSync(join(folder, 'dotfiles/docker.json'), 'utf8')).toBe('{"a": 1}');
  });

  it('that a link promises is made where the link leads', () => {
    const folder = makeFolder();
    symlinkSync('real.json', join(folder, 'config.json'));
    const file = fileAt(join(folder, 'config.json'));
    configure(file);
    expect(readdirSync(folder).sort()).toEqual(['config.json', 'real.json']);
    unconfigure(file);
    expect(readdirSync(folder)).toEqual(['config.json']);
  });

  it('and its folder are made for the owner alone, and go again', () => {
    const home = makeFolder();
    const file = fileAt(join(home, '.docker/config.json'));
    configure(file);
    expect(statSync(join(home, '.docker')).mode & 0o777).toBe(0o700);
    expect(statSync(file.path).mode & 0o777).toBe(0o600);
    unconfigure(file);
    expect(readdirSync(home)).toEqual([]);
  });

  it('that somebody chose by variable leaves its folder', () => {
    const home = makeFolder();
    const file = fileAt(join(home, 'chosen/config.json'), { variable: 'DOCKER_CONFIG' });
    configure(file);
    unconfigure(file);
    expect(existsSync(join(home, 'chosen'))).toBe(true);
    expect(existsSync(file.path)).toBe(false);
  });

  it('is not written again when nothing is to be done', () => {
    const file = makeFile('{}');
    configure(file);
    const { ino } = statSync(file.path);
    configure(file);
    expect(statSync(file.path).ino).toBe(ino);
  });
});

it.each(['{"auths": null}', '{"auths": { }, "a": 1}', '{"HttpHeaders": null}\n'])('%j comes back', (text) => {
  const file = makeFile(text);
  configure(file);
  expect(entriesOf(file)).toEqual({ 'us.icr.io': 'icr' });
  unconfigure(file);
  expect(readFileSync(file.path, 'utf8')).toBe(text);
});

describe('nothing is changed in any file if one of them', () => {
  it.each([
    ['is not JSON', '{', /is not JSON/],
    ['has comments', '{"a": 1} // x', /is not JSON/],
    ['has a trailing comma', '{"a": 1,}', /is not JSON/],
    ['has a key twice', '{"auths": {}, "auths": {}}', /has the key auths twice/],
    ['is a list', '[]', /holds no JSON object/],
    ['has credHelpers of another kind', '{"credHelpers": []}', /credHelpers in .* is not an object/],
    ['has a helper that is no string', '{"credHelpers": {"x": 1}}', /the helper for x in .* is not a string/],
    [
      'names another helper',
      '{"credHelpers": {"us.icr.io": "pass"}}',
      /another helper for us\.icr\.io \(pass\)/,
    ],
  ])('%s', (_, text, message) => {
    const good = makeFile('{}');
    const bad = makeFile(text);
    expect(() => configure(good, bad)).toThrow(message);
    expect(readFileSync(good.path, 'utf8')).toBe('{}');
    expect(readFileSync(bad.path, 'utf8')).toBe(text);
  });

  it('quotes nothing of what it cannot read', () => {
    const file = makeFile('{"auths": {"us.icr.io": {"auth": "dXNlcjpzZWNyZXQ="}},,}');
    const report = inspectClientFile(file);
    expect(report.problem?.message).toMatch(/is not JSON/);
    expect(JSON.stringify(report.problem) + report.problem?.stack).not.toContain('dXNl');
  });

  it('is not UTF-8', () => {
    const file = makeFile('');
    writeFileSync(file.path, Buffer.from('{"a": "\u00e4"}', 'latin1'));
    expect(() => configure(file)).toThrow(/is not text in UTF-8/);
  });

  it('belongs to another user', () => {
    const good = makeFile('{}');
    const other = testSystem({ euid: system.euid + 1 });
    const request = { files: [good], hosts: HOSTS, system: other };
    expect(() => configureClients(request)).toThrow(/belongs to another user/);
    const missing = fileAt(join(good.path, '../.docker/config.json'));
    expect(() => configureClients({ ...request, files: [missing] })).toThrow(/belongs to another user/);
    expect(readFileSync(good.path, 'utf8')).toBe('{}');
  });

  it('was changed by another program in between', () => {
    const [one, two] = [makeFile('{}'), makeFile('{}')];
    const changes = planConfigure({ files: [one, two], hosts: HOSTS, system });
    writeFileSync(two.path, '{"auths": {}}');
    expect(() => applyChanges(changes, system)).toThrow(/changed by another program/);
    expect(readFileSync(one.path, 'utf8')).toBe('{}');
  });
});

it('displaces another helper where it is told to', () => {
  const file = makeFile('{"credHelpers": {"us.icr.io": "pass", "x": "pass"}}');
  configureClients({ files: [file], hosts: HOSTS, system, force: true });
  expect(entriesOf(file)).toEqual({ 'us.icr.io': 'icr', x: 'pass' });
});

describe('where the files are', () => {
  const home = { HOME: '/home/a', USERPROFILE: 'C:\\Users\\a' };
  const places = (env: Record<string, string>, platform: NodeJS.Platform = 'linux') =>
    findClientFiles(testSystem({ env: { ...home, ...env }, platform, euid: 1000 })).map(({ path }) => path);

  it.each([
    [
      'Linux',
      places({ XDG_RUNTIME_DIR: '/run/user/1000' }),
      ['/home/a/.docker/config.json', '/run/user/1000/containers/auth.json'],
    ],
    [
      'Linux without a runtime folder',
      places({}),
      ['/home/a/.docker/config.json', '/run/containers/1000/auth.json'],
    ],
    ['macOS', places({}, 'darwin'), ['/home/a/.docker/config.json', '/home/a/.config/containers/auth.json']],
    [
      'Windows',
      places({}, 'win32'),
      ['C:\\Users\\a\\.docker\\config.json', 'C:\\Users\\a\\.config\\containers\\auth.json'],
    ],
    [
      'variables',
      places({ DOCKER_CONFIG: '/d', REGISTRY_AUTH_FILE: '/r.json' }),
      ['/d/config.json', '/r.json'],
    ],
  ])('%s', (_, found, expected) => {
    expect(found).toEqual(expected);
  });
});

describe('a report', () => {
  const auth = Buffer.from('iamapikey:key:with:colons').toString('base64');

  it('names what the file holds for ICR', () => {
    const file = makeFile(
      JSON.stringify({
        auths: {
          'us.icr.io': { auth },
          'us.icr.io:443': { auth },
          'de.icr.io': {},
          'uk.icr.io/ns': { identitytoken: 't' },
          'evil-icr.io': { auth },
        },
        credHelpers: {
          'us.icr.io': 'icr',
          'https://de.icr.io': 'icr',
          'jp.icr.io': 'pass',
          'quay.io': 'pass',
        },
        credsStore: 'desktop',
      }),
      0o644,
    );
    const report = inspectClientFile(file);
    expect(report).toMatchObject({
      exists: true,
      problem: null,
      hosts: ['us.icr.io', 'https://de.icr.io'],
      otherHelpers: [{ host: 'jp.icr.io', helper: 'pass' }],
      uselessKeys: ['https://de.icr.io'],
      credsStore: 'desktop',
      isReadableByOthers: true,
    });
    expect(
      report.logins.map(({ key, host, coversHost, shadows }) => [key, host, coversHost, shadows]),
    ).toEqual([
      ['us.icr.io', 'us.icr.io', true, false],
      ['us.icr.io:443', 'us.icr.io', true, true],
      ['uk.icr.io/ns', 'uk.icr.io', false, false],
    ]);
    expect(report.logins[0]?.credentials?.username).toBe('iamapikey');
    expect(report.logins[0]?.credentials?.secret.reveal()).toBe('key:with:colons');
    expect(report.logins[2]?.credentials?.username).toBe('<token>');
  });

  it('says that a login in auth.json comes before the helper in docker’s file', () => {
    const file = {
      ...makeFile(JSON.stringify({ auths: { 'us.icr.io': { auth } } })),
      client: 'containers',
    } as const;
    expect(inspectClientFile(file).logins[0]?.shadows).toBe(true);
    configure(file);
    expect(inspectClientFile(file).logins[0]?.shadows).toBe(false);
  });

  it('is there for a file that cannot be read, and for none', () => {
    expect(inspectClientFile(makeFile('{')).problem?.message).toMatch(/is not JSON/);
    expect(inspectClientFile(fileAt('/nowhere/config.json'))).toMatchObject({ exists: false, problem: null });
  });
});
