import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import vitestConfig from '../../vitest.config.ts';
import { root, textOf } from '../support/documents.ts';

/** The workflows of the public repository: nobody here can run them, so that what can be told by reading is held. */
interface Step {
  name?: string;
  uses?: string;
  with?: Record<string, unknown>;
  run?: string;
}

interface Job {
  uses?: string;
  needs?: string | string[];
  permissions?: Record<string, string>;
  'runs-on'?: string;
  'timeout-minutes'?: number;
  container?: { image: string };
  strategy?: { matrix?: { include?: { system: string }[]; checks?: string[] } };
  steps?: Step[];
}

interface Workflow {
  on: Record<string, unknown>;
  permissions: object;
  concurrency: { group: string };
  jobs: Record<string, Job>;
}

const FOLDER = '.github/workflows';
const files = readdirSync(join(root, FOLDER)).map((name) => `${FOLDER}/${name}`);
const PINNED = /uses: ([\w-]+\/[\w./-]+)@([0-9a-f]{40}) # (v\d+\.\d+\.\d+)$/;

/** Whoever may do more than read the sources. */
const RIGHTS: Readonly<Record<string, Record<string, string>>> = {
  'release.yml attest': { 'id-token': 'write', attestations: 'write' },
  'release.yml draft': { contents: 'write' },
};

describe.each(files)('%s', (file) => {
  const text = textOf(file);
  const workflow: Workflow = parse(text);
  const jobs = Object.entries(workflow.jobs);
  const steps = jobs.flatMap(([, { steps = [] }]) => steps);

  it('takes foreign actions by commit, with the version beside it', () => {
    const lines = text.split('\n').filter((line) => /\buses:/.test(line) && !line.includes('uses: ./'));
    expect(lines.filter((line) => !PINNED.test(line))).toEqual([]);
  });

  it('gives no rights but those that a job needs', () => {
    expect(workflow.permissions).toEqual({});
    const expected = jobs.map(([name]) => [
      name,
      RIGHTS[`${file.slice(FOLDER.length + 1)} ${name}`] ?? { contents: 'read' },
    ]);
    expect(jobs.map(([name, { permissions }]) => [name, permissions])).toEqual(expected);
  });

  it('runs nothing of the project where there are rights to write', () => {
    const writing = jobs.filter(([name]) => `${file.slice(FOLDER.length + 1)} ${name}` in RIGHTS);
    const run = writing.flatMap(([, { steps = [] }]) => steps.map(({ run = '', uses = '' }) => run + uses));
    expect(run.filter((step) => /^(?:actions\/(?:checkout|setup-)|npm|npx|node|\.\/)/.test(step))).toEqual(
      [],
    );
  });

  it('is started by nothing that lends rights to strangers', () => {
    const known = ['push', 'pull_request', 'workflow_call', 'workflow_dispatch', 'schedule'];
    expect(Object.keys(workflow.on).filter((event) => !known.includes(event))).toEqual([]);
  });

  it('leaves no token behind, and puts nothing that others write into a script', () => {
    const checkouts = steps.filter(({ uses = '' }) => uses.startsWith('actions/checkout@'));
    expect(checkouts.filter((step) => step.with?.['persist-credentials'] !== false)).toEqual([]);
    expect(steps.filter(({ run = '' }) => run.includes('${' + '{'))).toEqual([]);
    expect(text).not.toContain('secrets.');
  });

  it('ends, and runs on systems that do not change by themselves', () => {
    const own = jobs.filter(([, { uses }]) => uses === undefined);
    expect(own.filter(([, job]) => !(Number(job['timeout-minutes']) <= 60))).toEqual([]);
    expect(workflow.concurrency.group).toBeTruthy();
    const systems = own.flatMap(([, job]) => [
      job['runs-on'] ?? '',
      ...(job.strategy?.matrix?.include ?? []).map(({ system }) => system),
    ]);
    expect(systems.filter((system) => system === '' || system.includes('latest'))).toEqual([]);
  });

  it('calls only scripts, suites and files that exist', () => {
    const script = steps.map(({ run = '' }) => run).join('\n');
    const { scripts } = JSON.parse(textOf('package.json'));
    const called = [...script.matchAll(/\bnpm run ([\w-]+)/g)].map(([, name = '']) => name);
    expect(called.filter((name) => !(name in scripts))).toEqual([]);
    const projects = vitestConfig.test?.projects?.map((project) => Object(project).test.name);
    const named = [...script.matchAll(/--project (\w+)/g)].map(([, name]) => name);
    expect(named.filter((name) => !projects?.includes(name))).toEqual([]);
    const local = jobs.flatMap(([, { uses = '' }]) => (uses.startsWith('./') ? uses : []));
    expect(local.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });
});

it('take one commit of each action, the page for CI too', () => {
  const pins = new Map<string, Set<string>>();
  for (const line of [...files, 'docs/ci.md'].flatMap((file) => textOf(file).split('\n'))) {
    const [, action = '', commit = '', version = ''] = PINNED.exec(line) ?? [];
    if (action !== '') pins.set(action, (pins.get(action) ?? new Set()).add(`${commit} ${version}`));
  }
  expect(pins.size).toBeGreaterThan(4);
  expect([...pins].filter(([, commits]) => commits.size > 1)).toEqual([]);
  expect(textOf('docs/ci.md')).not.toMatch(/uses: \S+@v/);
});

it('take one image for containers, by its hash', () => {
  const jobs = files.flatMap((file) => Object.values<Job>(parse(textOf(file)).jobs));
  const images = new Set(jobs.flatMap(({ container }) => container?.image ?? []));
  expect([...images]).toEqual([expect.stringMatching(/^debian:12@sha256:[0-9a-f]{64}$/)]);
});

describe('a release', () => {
  const { jobs }: Workflow = parse(textOf(`${FOLDER}/release.yml`));
  const steps = Object.values(jobs).flatMap(({ steps = [] }) => steps);

  it('is built and checked by one version of Node', () => {
    const versions = steps.flatMap((step) => step.with?.['node-version'] ?? []);
    expect(versions.length).toBeGreaterThan(1);
    expect([...new Set(versions)]).toEqual([expect.stringMatching(/^\d+\.\d+\.\d+$/)]);
  });

  it('is signed only after the tests and all checks', () => {
    expect(jobs['attest']?.needs).toEqual(['test', 'check', 'macos']);
    const checks = jobs['check']?.strategy?.matrix?.checks?.flatMap((names) => names.split(','));
    expect(checks).toEqual(['files', 'installer', 'reproducible', 'conformance']);
    expect(checks?.filter((name) => !existsSync(join(root, `scripts/check-release/${name}.mjs`)))).toEqual(
      [],
    );
  });

  it.runIf(process.platform === 'linux')('is refused under a tag that is not its version', () => {
    const step = steps.find(({ name }) => name?.startsWith('The tag is the version'));
    const folder = mkdtempSync(join(tmpdir(), 'icr-tag-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, 'package.json'), '{"version":"1.2.3"}');
    const statusOf = (tag: string) => {
      const env = { ...process.env, TAG: tag };
      return spawnSync('sh', ['-e', '-c', step?.run ?? ''], { cwd: folder, env }).status;
    };
    expect(statusOf('v1.2.3')).toBe(0);
    expect(statusOf('v1.2.4')).toBe(1);
    expect(statusOf('1.2.3')).toBe(1);
  });
});

it('every lock file is kept up to date', () => {
  const { updates } = parse(textOf('.github/dependabot.yml'));
  const ecosystems = updates.map((update: Record<string, unknown>) => update['package-ecosystem']);
  expect(ecosystems).toEqual(['npm', 'github-actions']);
  const folders = ['/', '/scripts/release'].filter((folder) =>
    existsSync(join(root, folder, 'package-lock.json')),
  );
  expect(updates[0].directories).toEqual(expect.arrayContaining(folders));
});
