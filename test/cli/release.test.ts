import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { buildExecutable } from '../../scripts/build.mjs';
import { formatOf } from '../../scripts/check-release/formats.mjs';
import { walk } from '../../scripts/check-release/walk.mjs';
import type { Part } from '../../scripts/release/bun-parts.mjs';
import { formula } from '../../scripts/release/homebrew.mjs';
import { NODE_PLATFORMS, PLATFORMS } from '../../scripts/release/platforms.mjs';
import { missingForTests, versions } from '../../scripts/release/programs.mjs';
import { hindrances } from '../../scripts/release/readiness.mjs';
import { scoopManifest } from '../../scripts/release/scoop.mjs';
import { NAME, VERSION } from '../../src/version.ts';
import { succeed } from '../support/processes.ts';
import { tinyMachO } from '../support/tiny-mach-o.ts';

/** What npm run release makes, for this platform alone and packed less tightly; npm run check-release tries the whole. */
const root = fileURLToPath(new URL('../..', import.meta.url));
/** npm test says what is missing, and fails for it in CI. */
const canBuild = process.platform === 'linux' && process.arch === 'x64' && missingForTests().length === 0;
const env = { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '' };
const homepage = 'https://code.example/icr/helper';
const hash = 'a'.repeat(64);

function definedOf(variables: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
}

/** Its own, and those of what is nested in it. */
function refsOf(component: { 'bom-ref': string; components?: { 'bom-ref': string }[] }): string[] {
  return [component['bom-ref'], ...(component.components ?? []).map((part) => part['bom-ref'])];
}

let work = '';
let out = '';

/** Without npm ci, which the command begins with: the other folder has our node_modules. */
async function build(folder: string, to: string, umask = '022', variables = {}) {
  const options = { out: to, only: ['linux-x64', 'linux-s390x'], quick: true };
  const script = `
    const { release } = await import(${JSON.stringify(join(folder, 'scripts/release/release.mjs'))});
    release(${JSON.stringify(options)});`;
  const node = [process.execPath, '--input-type=module', '--eval', script];
  await withUmask(umask, node, {
    env: { ...env, ICR_RELEASE_HOMEPAGE: homepage, ...variables },
    cwd: folder,
  });
}

async function withUmask(umask: string, command: readonly string[], options: Parameters<typeof succeed>[2]) {
  await succeed('sh', ['-c', `umask ${umask}; exec "$@"`, 'sh', ...command], options);
}

describe.runIf(canBuild)('a release', () => {
  beforeAll(async () => {
    // Not in /tmp, where the program would find code in a folder that others can foresee.
    mkdirSync(join(root, 'dist'), { recursive: true });
    work = mkdtempSync(join(root, 'dist/test-release-'));
    out = join(work, 'release');
    await build(root, out);
  });
  afterAll(() => rmSync(work, { recursive: true, force: true }));

  const text = (file: string) => readFileSync(join(out, file), 'utf8');
  const json = (file: string) => JSON.parse(text(file));

  it('has its files, all in SHA256SUMS', async () => {
    const files = readdirSync(out).filter((file) => !['SHA256SUMS', 'RELEASE-NOTES.md'].includes(file));
    expect(files.sort()).toEqual(
      [
        `${NAME}-${VERSION}-1.s390x.rpm`,
        `${NAME}-${VERSION}-1.x86_64.rpm`,
        `${NAME}-${VERSION}.cdx.json`,
        `${NAME}-${VERSION}.intoto.json`,
        `${NAME}-${VERSION}.tgz`,
        `${NAME}-linux-x64.tar.gz`,
        `${NAME}-node.tar.gz`,
        `${NAME}_${VERSION}_amd64.deb`,
        `${NAME}_${VERSION}_s390x.deb`,
        'install.sh',
      ].sort(),
    );
    const sums = text('SHA256SUMS').match(/(?<= {2}).+/g) ?? [];
    expect(sums.sort()).toEqual(files.sort());
    await succeed('sha256sum', ['--check', '--strict', 'SHA256SUMS'], { env, cwd: out });
  });

  it('says what is inside: packages, runtime, licences', () => {
    const { components, metadata } = json(`${NAME}-${VERSION}.cdx.json`);
    const byName = new Map(components.map((one: { name: string }) => [one.name, one]));
    expect(metadata.component).toMatchObject({ name: NAME, version: VERSION });
    expect(byName.get('commander')).toMatchObject({ properties: [{ value: 'executable, node' }] });
    expect(byName.get('node-fetch')).toMatchObject({ properties: [{ value: 'node' }] });
    expect(byName.get('@oven/bun-linux-x64')).toMatchObject({ type: 'platform' });
    expect(byName.get('@napi-rs/keyring-darwin-arm64')).toMatchObject({ scope: 'optional' });
    for (const { hashes, licenses } of components.filter((one: { name: string }) => one.name !== 'bun')) {
      expect(hashes[0].content).toMatch(/^[0-9a-f]{128}$/);
      expect(licenses[0].license.id).toBeTruthy();
    }
  });

  it('says what Bun links, and which of it where Bun knows', () => {
    const { components } = json(`${NAME}-${VERSION}.cdx.json`);
    const bun = components.find(({ name }: { name: string }) => name === 'bun');
    const parts = new Map(bun.components.map((part: { name: string }) => [part.name, part]));
    expect(parts.get('JavaScriptCore')).toMatchObject({
      version: expect.stringMatching(/^[0-9a-f]{40}$/),
      licenses: [{ expression: 'LGPL-2.0-or-later AND BSD-2-Clause' }],
    });
    expect(parts.get('SQLite')).toMatchObject({ version: expect.stringMatching(/^3\./) });
    expect(parts.get('brotli')).not.toHaveProperty('version');
  });

  it('says what brings what: all of it hangs on the program', () => {
    const { metadata, components, dependencies } = json(`${NAME}-${VERSION}.cdx.json`);
    const edges = new Map<string, string[]>(
      dependencies.map((one: { ref: string; dependsOn: string[] }) => [one.ref, one.dependsOn]),
    );
    expect(edges.get('pkg:npm/node-fetch@3.3.2')).toContain('pkg:npm/fetch-blob@3.2.0');
    expect(edges.get(metadata.component['bom-ref'])).not.toContain('pkg:npm/fetch-blob@3.2.0');
    const refs: string[] = components.flatMap(refsOf);
    const reached = new Set<string>();
    const reach = (ref: string) => {
      if (reached.has(ref)) return;
      reached.add(ref);
      edges.get(ref)?.forEach(reach);
    };
    reach(metadata.component['bom-ref']);
    expect([...reached].sort()).toEqual([metadata.component['bom-ref'], ...refs].sort());
  });

  it('says how it was made', async () => {
    const { subject, predicateType, predicate } = json(`${NAME}-${VERSION}.intoto.json`);
    expect(predicateType).toBe('https://slsa.dev/provenance/v1');
    const sums = text('SHA256SUMS');
    for (const { name, digest } of subject) expect(sums).toContain(`${digest.sha256}  ${name}\n`);
    const { stdout } = await succeed('git', ['rev-parse', 'HEAD'], { env, cwd: root });
    const { externalParameters, resolvedDependencies } = predicate.buildDefinition;
    expect(resolvedDependencies[0].digest.gitCommit).toBe(stdout.trim());
    const names = resolvedDependencies.map(({ uri = '' }) => uri.replace(/@[^@]*$/, ''));
    for (const name of ['pkg:npm/bun', 'pkg:npm/commander', 'pkg:npm/node-fetch'])
      expect(names).toContain(name);
    expect(externalParameters).toMatchObject({ quick: true, homepage });
    expect(predicate.runDetails.builder.version).toEqual(versions());
    expect(Object.values(versions())).not.toContain('unknown');
  });

  it('is the same, byte for byte, from the checkout of somebody with another umask', async () => {
    const copy = join(work, 'copy');
    await withUmask('077', ['git', 'clone', '--quiet', root, copy], { env });
    // What is not committed yet, too.
    for (const name of ['src', 'scripts', 'package.json', 'package-lock.json'])
      cpSync(join(root, name), join(copy, name), {
        recursive: true,
        filter: (path) => !path.endsWith('/node_modules'),
      });
    // The same files, by hard links.
    await succeed('cp', ['-al', join(root, 'node_modules'), copy], { env });
    await build(copy, join(work, 'again'), '077');
    const again = readFileSync(join(work, 'again/SHA256SUMS'), 'utf8');
    // Only the provenance may say that files were changed, or not.
    const others = (sums: string) => sums.split('\n').filter((line) => !line.includes('.intoto.json'));
    expect(others(again)).toEqual(others(text('SHA256SUMS')));
  });

  it('is installed by install.sh, with the hash of SHA256SUMS', async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'icr-release-'));
    onTestFinished(() => rmSync(elsewhere, { recursive: true }));
    // Below it Node takes what has no other ending for a module.
    writeFileSync(join(elsewhere, 'package.json'), '{"type":"module"}');
    for (const name of ['linux-x64', 'node']) {
      const archive = `${NAME}-${name}.tar.gz`;
      const sum = new RegExp(`^([0-9a-f]{64}) {2}${archive}$`, 'm').exec(text('SHA256SUMS'))?.[1] ?? '';
      const prefix = join(elsewhere, name);
      const args = [join(out, 'install.sh'), '--prefix', prefix, '--archive', join(out, archive)];
      await succeed('sh', [...args, '--sha256', sum], { env });
      expect(walk(join(work, `home-${name}`), [join(prefix, 'bin', NAME)])).toEqual([]);
    }
    expect(formatOf(join(elsewhere, 'linux-x64/bin', NAME))).toMatchObject({ kind: 'ELF', cpu: 'x64' });
    const licence = readFileSync(join(elsewhere, 'linux-x64/share/doc', NAME, 'LICENSE'), 'utf8');
    for (const part of ['Apache License', 'commander 14', 'JavaScriptCore', 'LESSER GENERAL PUBLIC'])
      expect(licence).toContain(part);
  });

  it.runIf(process.getuid?.() === 0)('is installed by dpkg, used, and purged without a trace', async () => {
    const script = join(root, 'scripts/release/with-deb.sh');
    const deb = join(out, `${NAME}_${VERSION}_amd64.deb`);
    const used = `${NAME} version && test -f /usr/share/man/man1/${NAME}.1.gz && ${NAME} list`;
    const { stdout } = await succeed(script, [deb, 'sh', '-c', used], { env });
    expect(stdout).toBe(`${NAME} (npm ${NAME}) ${VERSION}\n{}\n`);
    expect(existsSync(`/usr/bin/${NAME}`)).toBe(false);
    await conformance('incidents', `/usr/bin/${NAME}`, [script, deb]);
  });

  it('is what rpm takes for the right architecture, with the same files', async () => {
    const query = ['--query', '--package', '--queryformat', '%{ARCH} %{VERSION}\\n[%{FILENAMES}\\n]'];
    for (const [architecture, needs] of [
      ['x86_64', 'libc.so.6(GLIBC_2.17)(64bit)'],
      ['s390x', 'nodejs(engine) >= 20.19'],
    ]) {
      const file = join(out, `${NAME}-${VERSION}-1.${architecture}.rpm`);
      const { stdout } = await succeed('rpm', [...query, file], { env });
      expect(stdout).toContain(`${architecture} ${VERSION}\n/usr/bin/${NAME}\n`);
      const { stdout: required } = await succeed('rpm', ['-qp', '--requires', file], { env });
      expect(required.split('\n')).toContain(needs);
    }
  });

  it('is an npm package that installs and works with Node alone', async () => {
    const prefix = join(work, 'npm');
    const tarball = join(out, `${NAME}-${VERSION}.tgz`);
    const npm = ['install', '--global', '--prefix', prefix, '--prefer-offline', tarball];
    // npm's own way to its registry: a cache, authorities.
    await succeed('npm', npm, { env: { ...definedOf(process.env), ...env } });
    const program = join(prefix, 'bin', NAME);
    const path = `${dirname(process.execPath)}:/usr/bin:/bin`;
    expect(walk(join(work, 'home-npm'), ['env', `PATH=${path}`, program])).toEqual([]);
    const installed = join(prefix, 'lib/node_modules', NAME);
    expect(readdirSync(join(installed, 'node_modules'))).toEqual(['@napi-rs']);
    // npm resolves the links of README.md against it.
    const { repository } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
    expect(repository.url).toBe(`git+${homepage}.git`);
    await conformance('protocol', program);
  });

  /** A part of the suite; all of it for each package is npm run check-release. */
  async function conformance(suite: string, program: string, wrapper: readonly string[] = []) {
    const vitest = [join(root, 'node_modules/.bin/vitest'), 'run', '--project', 'conformance'];
    const [first = '', ...more] = [...wrapper, ...vitest, `test/conformance/${suite}.test.ts`];
    // What a suite keeps while it runs lies where it is removed even if that is killed.
    const variables = { ...env, ICR_TEST_EXECUTABLE: program, TMPDIR: mkdtempSync(join(work, 'tmp-')) };
    await succeed(first, more, { env: variables, cwd: root });
  }
});

describe('the licences of what Bun links', () => {
  /** Ours is Apache-2.0; the others ask for no text, or (IJG) for the sentence that stands at its part. */
  const WITHOUT_FILE = ['Apache-2.0', 'CC0-1.0', 'IJG', 'blessing'];
  const folder = join(root, 'scripts/release');

  it('are there in full, and no others', () => {
    const parts: Part[] = JSON.parse(readFileSync(join(folder, 'bun-parts.json'), 'utf8'));
    const named = parts.flatMap(({ license }) => license.split(/ (?:AND|WITH) /));
    const files = new Set(named.filter((id) => !WITHOUT_FILE.includes(id)).map(fileOf));
    expect(readdirSync(join(folder, 'licences')).sort()).toEqual([...files].sort());
  });

  const fileOf = (id: string) => `${id.replace('-or-later', '')}.txt`;
});

describe('what is published', () => {
  const product = { version: '1.2.3', maintainer: 'A <a@b.example>', homepage, downloads: homepage };
  const changelog = '# Changes\n\n## [1.2.3] - 2026-12-01\n\n## [1.2.2] - 2026-11-30\n';

  it('names nobody else, and has a day', () => {
    expect(hindrances(product, changelog)).toEqual([]);
    const text = (one: Partial<typeof product>, changes = changelog) =>
      hindrances({ ...product, ...one }, changes).join();
    expect(text({ homepage: 'https://example.com/x' })).toMatch(/^ICR_RELEASE_HOMEPAGE is not set/);
    expect(text({ downloads: 'https://example.com/x' })).toMatch(/^ICR_RELEASE_URL is not set/);
    expect(text({ maintainer: 'A <a@example.com>' })).toMatch(/^ICR_RELEASE_MAINTAINER is not set/);
    expect(text({ version: '1.2.4' })).toContain('CHANGELOG.md');
    expect(text({}, changelog.replace('2026-12-01', 'Unreleased'))).toContain('CHANGELOG.md');
  });

  it('is not even built with placeholders', async () => {
    const to = join(root, 'dist/test-refused');
    const published = { ICR_RELEASE_HOMEPAGE: '', ICR_RELEASE_RUN: `${homepage}/runs/1` };
    await expect(build(root, to, '022', published)).rejects.toThrow(
      /not to be published: .*ICR_RELEASE_HOMEPAGE/,
    );
    expect(existsSync(to)).toBe(false);
  });
});

it.each(['x64', 'arm64'] as const)('the program for macOS on %s is signed', (cpu) => {
  const folder = mkdtempSync(join(tmpdir(), 'icr-macos-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const runtime = join(folder, 'runtime');
  writeFileSync(runtime, tinyMachO(cpu), { mode: 0o755 });
  const program = join(folder, NAME);
  buildExecutable(program, { target: `bun-darwin-${cpu}`, runtime });
  expect(formatOf(program)).toEqual({ kind: 'Mach-O', cpu, signature: 'ad hoc' });
});

describe('what other package managers read', () => {
  const hashes = Object.fromEntries(
    PLATFORMS.map(({ name }) => [`${NAME}-${name}.${name.startsWith('windows') ? 'zip' : 'tar.gz'}`, hash]),
  );

  it('is a formula that names each archive for macOS and Linux with its hash', () => {
    const text = formula(hashes);
    for (const name of ['macos-arm64', 'macos-x64', 'linux-arm64', 'linux-x64'])
      expect(text).toMatch(new RegExp(`url "https://[^"]+/${NAME}-${name}\\.tar\\.gz"\\n +sha256 "${hash}"`));
    expect(text.match(/^ *(?:class|.* do|def .*)$/gm)?.length).toBeLessThanOrEqual(
      text.match(/^ *end$/gm)?.length ?? 0,
    );
    expect(() => formula({})).toThrow('was built');
  });

  it('is a manifest for Scoop', () => {
    expect(JSON.parse(scoopManifest(hashes))).toMatchObject({
      version: VERSION,
      bin: `${NAME}.exe`,
      architecture: { '64bit': { hash }, arm64: { hash } },
    });
  });

  it('is called by each system’s own names', () => {
    const all = [...PLATFORMS, ...NODE_PLATFORMS];
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
    expect(all.flatMap(({ deb }) => deb ?? []).sort()).toEqual(['amd64', 'arm64', 'ppc64el', 's390x']);
    expect(all.flatMap(({ rpm }) => rpm ?? []).sort()).toEqual(['aarch64', 'ppc64le', 's390x', 'x86_64']);
  });
});
